/// Models behind the HTTP interface that OpenAI's clients speak.
///
/// [ApiServer] takes requests, each on a thread of its own; [Engine] computes all of them on one,
/// in turns. Knows text and tokens, not tensors.
@NullMarked
package dev.slimelab.engine.serve;

import org.jspecify.annotations.NullMarked;
