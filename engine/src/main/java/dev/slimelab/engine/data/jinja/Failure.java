package dev.slimelab.engine.data.jinja;

/// Why a template cannot be read or rendered; [Template] makes a `Problem` of it.
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final int line;

    enum Kind {
        /// The template is not one, or cannot be applied to these values.
        ERROR,
        /// The template called `raise_exception`.
        REFUSAL
    }

    private Failure(Kind kind, int line, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.line = line;
    }

    /// Something wrong with the source.
    static Failure at(int line, String message) {
        return new Failure(Kind.ERROR, line, message);
    }

    /// Something wrong where the renderer stands: it knows the line.
    static Failure of(String message) {
        return new Failure(Kind.ERROR, 0, message);
    }

    /// The template's own words for a conversation that it does not take.
    static Failure refusal(String message) {
        return new Failure(Kind.REFUSAL, 0, message);
    }

    Failure inLine(int current) {
        return line > 0 ? this : new Failure(kind, current, text());
    }

    Kind kind() {
        return kind;
    }

    int line() {
        return line;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
