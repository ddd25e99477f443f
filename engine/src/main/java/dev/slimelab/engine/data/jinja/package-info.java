/// Renders the Jinja templates that chat models bring, as transformers renders them.
///
/// [Template] is the way in: a [Lexer] and a [Parser] make [Statement]s and [Expression]s of the
/// source once, a [Renderer] runs them for every conversation. Values are strings, booleans, longs,
/// doubles, lists, maps and [None], with Python's rules in [Values], [Access] and [Printer]; what a
/// template can call is in [Filters], [Tests], [Methods] and [Globals]. Templates are foreign
/// programs: they reach nothing but the values handed to them, and a [Budget] ends those that run
/// away. The package knows no conversation, no tokenizer and no file.
@NullMarked
package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.NullMarked;
