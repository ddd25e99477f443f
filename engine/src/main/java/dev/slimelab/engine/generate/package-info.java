/// Continues prompts with a language model, token by token.
///
/// [Generator] and what it uses know token ids only; [TextModel] puts text around them with
/// `data`'s tokenizers and templates.
@NullMarked
package dev.slimelab.engine.generate;

import org.jspecify.annotations.NullMarked;
