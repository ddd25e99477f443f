/// Continues prompts with a language model, token by token.
///
/// Knows token ids only; text and templates are `data`'s.
@NullMarked
package dev.slimelab.engine.generate;

import org.jspecify.annotations.NullMarked;
