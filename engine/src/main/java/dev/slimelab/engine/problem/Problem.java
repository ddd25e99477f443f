package dev.slimelab.engine.problem;

import org.jspecify.annotations.Nullable;

/// What a person is told when something cannot go on: what happened, why, and what to do.
///
/// Thrown where it is known, logged once where it is finally caught, and shown as plain sentences.
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Whose turn it is: decides the exit code of a command.
    public enum Kind {
        /// The request was wrong and can be corrected; nothing was written. Exit code 2.
        BAD_REQUEST(2),
        /// The request was fine, and the work failed. Exit code 1.
        FAILED(1);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;
    private final String what;
    private final String remedy;

    private Problem(Kind kind, String what, String remedy, @Nullable Throwable cause) {
        super(what + " " + remedy, cause);
        this.kind = kind;
        this.what = what;
        this.remedy = remedy;
    }

    /// A request that cannot be carried out as it stands.
    ///
    /// @param what one sentence with the file, line or field, the value seen and the values known
    /// @param remedy one sentence that says what to do
    public static Problem badRequest(String what, String remedy) {
        return new Problem(Kind.BAD_REQUEST, what, remedy, null);
    }

    public static Problem badRequest(String what, String remedy, Throwable cause) {
        return new Problem(Kind.BAD_REQUEST, what, remedy, cause);
    }

    /// Work that was accepted and then failed.
    public static Problem failed(String what, String remedy) {
        return new Problem(Kind.FAILED, what, remedy, null);
    }

    public static Problem failed(String what, String remedy, Throwable cause) {
        return new Problem(Kind.FAILED, what, remedy, cause);
    }

    public Kind kind() {
        return kind;
    }

    public String what() {
        return what;
    }

    public String remedy() {
        return remedy;
    }
}
