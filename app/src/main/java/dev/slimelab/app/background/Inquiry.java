package dev.slimelab.app.background;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A question that another process works on. Ends with the window.
public interface Inquiry {
    /// What the process said when it ended.
    ///
    /// @param out on its standard output
    /// @param err on its standard error
    record Answer(int exitCode, String out, String err) {
        /// What it said where it ended well.
        ///
        /// @throws Problem where it did not: [#refusal]
        public String accepted() {
            if (exitCode != 0) {
                throw refusal();
            }
            return out;
        }

        /// Its own two sentences.
        public Problem refusal() {
            List<String> lines = err.lines().toList();
            return Problem.badRequest(
                    lines.isEmpty() ? "The engine ended without a word." : lines.getFirst(),
                    lines.size() < 2 ? "Try again." : lines.get(1));
        }
    }

    /// Null while it works. Does not wait.
    @Nullable Answer answer();

    /// Ends the process where it still works, and forgets what it said.
    void close();
}
