package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Token.Kind;

import java.util.ArrayList;
import java.util.List;

/// Divides a template into tokens, with the white space left out that Jinja leaves out under
/// `trim_blocks` and `lstrip_blocks`: a line break after a tag or comment, and blanks before one
/// that is the first on its line. `-` beside a delimiter takes all white space on its side, `+`
/// keeps it.
final class Lexer {
    private static final List<String> OPERATORS =
            List.of(
                    "**", "//", "==", "!=", ">=", "<=", "+", "-", "*", "/", "%", "~", "[", "]", "(",
                    ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int counted;

    private Lexer(String source) {
        this.source = source;
    }

    /// All tokens of the template, [Kind#END] last.
    ///
    /// @throws Failure where something is opened and not closed, or a character is no part of Jinja
    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        return new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source)
                .all();
    }

    private List<Token> all() {
        while (position < source.length()) {
            int opening = nextOpening();
            if (opening < 0) {
                text(source.substring(position));
                position = source.length();
                break;
            }
            text(before(opening));
            position = opening;
            switch (source.charAt(opening + 1)) {
                case '#' -> comment();
                case '{' -> delimited(Kind.OPEN_OUTPUT, Kind.CLOSE_OUTPUT, "}}");
                default -> tag();
            }
        }
        add(Kind.END, "");
        return tokens;
    }

    private int nextOpening() {
        for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /// The text from here to the delimiter, without the white space that the delimiter takes.
    private String before(int opening) {
        String text = source.substring(position, opening);
        char sign = opening + 2 < source.length() ? source.charAt(opening + 2) : ' ';
        if (sign == '-') {
            return Strings.stripEnd(text);
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean firstOnItsLine =
                lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
        boolean strips = source.charAt(opening + 1) != '{' && sign != '+';
        return strips && firstOnItsLine && text.substring(lineStart).isBlank()
                ? text.substring(0, lineStart)
                : text;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            add(Kind.TEXT, text);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", position + 2);
        if (end < 0) {
            throw Failure.at(lineOf(position), "the comment is not closed");
        }
        char sign = end > position + 2 ? source.charAt(end - 1) : ' ';
        position = end;
        close(sign, Newline.SKIPPED);
    }

    private enum Newline {
        SKIPPED,
        KEPT
    }

    /// Moves behind a closing delimiter and the white space that it takes.
    private void close(char sign, Newline newline) {
        position += 2;
        if (sign == '-') {
            while (position < source.length() && Strings.isSpace(source.charAt(position))) {
                position++;
            }
        } else if (sign != '+' && newline == Newline.SKIPPED && source.startsWith("\n", position)) {
            position++;
        }
    }

    private void tag() {
        int name = skipBlanks(afterSign(position + 2));
        if (isWord("raw", name)) {
            raw(skipBlanks(name + "raw".length()));
        } else {
            delimited(Kind.OPEN_TAG, Kind.CLOSE_TAG, "%}");
        }
    }

    /// What stands between `{% raw %}` and `{% endraw %}` is text.
    private void raw(int end) {
        int opened = position;
        char sign = source.startsWith("-%}", end) ? '-' : ' ';
        position = sign == '-' ? end + 1 : end;
        if (!source.startsWith("%}", position)) {
            throw Failure.at(lineOf(opened), "the tag raw is not closed");
        }
        close(sign, Newline.KEPT);
        for (int i = source.indexOf("{%", position); i >= 0; i = source.indexOf("{%", i + 2)) {
            int name = skipBlanks(afterSign(i + 2));
            if (isWord("endraw", name)) {
                text(before(i));
                position = skipBlanks(name + "endraw".length());
                char closing = position < source.length() ? source.charAt(position) : ' ';
                position = afterSign(position);
                if (source.startsWith("%}", position)) {
                    close(closing, Newline.SKIPPED);
                    return;
                }
                break;
            }
        }
        throw Failure.at(lineOf(opened), "the tag raw has no endraw");
    }

    private boolean isWord(String word, int at) {
        int end = at + word.length();
        return source.startsWith(word, at)
                && (end >= source.length() || !isNamePart(source.charAt(end)));
    }

    private int afterSign(int at) {
        return at < source.length() && "+-".indexOf(source.charAt(at)) >= 0 ? at + 1 : at;
    }

    private int skipBlanks(int at) {
        int i = at;
        while (i < source.length() && Strings.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    /// An output or a tag: its delimiters and the expression between them. Brackets are counted, so
    /// that the `}}` of nested maps does not end it.
    private void delimited(Kind opening, Kind closing, String end) {
        int opened = position;
        add(opening, source.substring(position, position + 2));
        position = afterSign(position + 2);
        int depth = 0;
        while (true) {
            position = skipBlanks(position);
            if (position >= source.length()) {
                throw Failure.at(
                        lineOf(opened),
                        "\"%s\" is not closed".formatted(source.substring(opened, opened + 2)));
            }
            char c = source.charAt(position);
            if (depth == 0) {
                boolean signed = c == '-' || (c == '+' && closing == Kind.CLOSE_TAG);
                if (source.startsWith(end, signed ? position + 1 : position)) {
                    position = signed ? position + 1 : position;
                    add(closing, end);
                    close(
                            signed ? c : ' ',
                            closing == Kind.CLOSE_TAG ? Newline.SKIPPED : Newline.KEPT);
                    return;
                }
            }
            if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
            expressionToken(c);
        }
    }

    private void expressionToken(char c) {
        if (c == '\'' || c == '"') {
            string(c);
        } else if (Character.isDigit(c)) {
            number();
        } else if (isNameStart(c)) {
            int end = position;
            while (end < source.length() && isNamePart(source.charAt(end))) {
                end++;
            }
            add(Kind.NAME, source.substring(position, end));
            position = end;
        } else {
            String operator =
                    OPERATORS.stream()
                            .filter(each -> source.startsWith(each, position))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            Failure.at(
                                                    lineOf(position),
                                                    "\"%c\" is no part of an expression"
                                                            .formatted(c)));
            add(Kind.OPERATOR, operator);
            position += operator.length();
        }
    }

    private static boolean isNameStart(char c) {
        return c == '_' || Character.isLetter(c);
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private void number() {
        int start = position;
        digits();
        Kind kind = Kind.INTEGER;
        // In messages.0.role the number belongs to the dot before it.
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        if (!afterDot && peek(0) == '.' && Character.isDigit(peek(1))) {
            kind = Kind.FLOAT;
            position++;
            digits();
        }
        int sign = "+-".indexOf(peek(1)) >= 0 ? 1 : 0;
        if (!afterDot && (peek(0) == 'e' || peek(0) == 'E') && Character.isDigit(peek(1 + sign))) {
            kind = Kind.FLOAT;
            position += 1 + sign;
            digits();
        }
        String digits = source.substring(start, position).replace("_", "");
        add(kind, digits);
    }

    private void digits() {
        while (Character.isDigit(peek(0)) || peek(0) == '_') {
            position++;
        }
    }

    private char peek(int ahead) {
        return position + ahead < source.length() ? source.charAt(position + ahead) : '\0';
    }

    private void string(char quote) {
        int start = position;
        var value = new StringBuilder();
        position++;
        while (peek(0) != quote) {
            if (position >= source.length()) {
                throw Failure.at(lineOf(start), "a string is not closed");
            }
            if (peek(0) == '\\') {
                escape(value);
            } else {
                value.append(peek(0));
                position++;
            }
        }
        position++;
        tokens.add(new Token(Kind.STRING, value.toString(), lineOf(start)));
    }

    /// As in a Python literal; a backslash before anything else stands for itself.
    private void escape(StringBuilder value) {
        char c = peek(1);
        int simple = "ntrbfav0\\'\"\n".indexOf(c);
        int hex = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (hex > 0) {
            try {
                value.appendCodePoint(
                        Integer.parseUnsignedInt(source, position + 2, position + 2 + hex, 16));
            } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
                throw Failure.at(lineOf(position), "\"\\%c\" needs %d digits".formatted(c, hex));
            }
            position += 2 + hex;
        } else if (simple >= 0) {
            if (c != '\n') {
                value.append("\n\t\r\b\f\u0007\u000b\0\\'\"".charAt(simple));
            }
            position += 2;
        } else {
            value.append('\\');
            position++;
        }
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, lineOf(position)));
    }

    /// Counted on from where it was last asked for.
    private int lineOf(int at) {
        while (counted < at) {
            if (source.charAt(counted++) == '\n') {
                line++;
            }
        }
        while (counted > at) {
            if (source.charAt(--counted) == '\n') {
                line--;
            }
        }
        return line;
    }
}
