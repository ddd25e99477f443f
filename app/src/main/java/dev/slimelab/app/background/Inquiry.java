package dev.slimelab.app.background;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

/// A question that another process works on. Ends with the window.
public interface Inquiry {
    /// What the process said, once it has ended well; null while it works. Does not wait.
    ///
    /// @throws Problem where it ended badly, in its own words
    @Nullable String answer();

    /// Ends the process where it still works, and forgets what it said.
    void close();
}
