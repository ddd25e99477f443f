package dev.slimelab.engine.data.jinja;

/// The smallest piece of a template.
///
/// @param text of a string literal without quotes and escapes; of anything else as written
/// @param line from 1
record Token(Kind kind, String text, int line) {
    enum Kind {
        /// What stands outside of `{{ }}` and `{% %}`.
        TEXT,
        OPEN_OUTPUT,
        CLOSE_OUTPUT,
        OPEN_TAG,
        CLOSE_TAG,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind expected, String expectedText) {
        return kind == expected && text.equals(expectedText);
    }

    /// For messages.
    String described() {
        return kind == Kind.END ? "the end of the template" : "\"" + text + "\"";
    }
}
