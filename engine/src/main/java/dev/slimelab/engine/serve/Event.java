package dev.slimelab.engine.serve;

import dev.slimelab.engine.generate.Piece;
import dev.slimelab.engine.generate.TextListener;

/// What the engine's thread tells the thread that answers a request.
sealed interface Event {
    /// More text of one continuation.
    record Text(int index, Piece piece) implements Event {}

    /// One continuation is whole.
    record Ended(int index, TextListener.End end) implements Event {}

    /// All continuations are whole.
    ///
    /// @param written tokens of all of them, stop tokens included
    record Done(int written) implements Event {}

    /// The work failed; nothing follows.
    record Failed(ApiException problem) implements Event {}
}
