package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Writes values as Python's `str`, `repr` and `json.dumps` do.
final class Printer {
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private Printer(Budget budget) {
        this.budget = budget;
    }

    /// What `{{ value }}` writes.
    static String text(Object value, Budget budget) {
        return switch (value) {
            case String text -> text;
            case Undefined _ -> "";
            default -> {
                var printer = new Printer(budget);
                printer.repr(value);
                yield printer.out.toString();
            }
        };
    }

    private void write(String text) {
        budget.grow(out, text);
    }

    private void repr(Object value) {
        budget.step();
        switch (value) {
            case None _ -> write("None");
            case Undefined _ -> write("Undefined");
            case Boolean truth -> write(truth ? "True" : "False");
            case Double number -> write(number(number));
            case String text -> quoted(text);
            case List<?> list -> {
                write("[");
                String between = "";
                for (Object item : list) {
                    write(between);
                    repr(item);
                    between = ", ";
                }
                write("]");
            }
            case Map<?, ?> map -> {
                write("{");
                String between = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    write(between);
                    repr(entry.getKey());
                    write(": ");
                    repr(entry.getValue());
                    between = ", ";
                }
                write("}");
            }
            case Long number -> write(number.toString());
            default -> write("<" + Values.kind(value) + ">");
        }
    }

    /// Between single quotes, unless there are such in the text and no double ones.
    private void quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var quoted = new StringBuilder().append(quote);
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '\n' -> quoted.append("\\n");
                                case '\r' -> quoted.append("\\r");
                                case '\t' -> quoted.append("\\t");
                                case '\\' -> quoted.append("\\\\");
                                default -> {
                                    if (c == quote) {
                                        quoted.append('\\').append(quote);
                                    } else if (isPrintable(c)) {
                                        quoted.appendCodePoint(c);
                                    } else {
                                        String format =
                                                c < 0x100
                                                        ? "\\x%02x"
                                                        : c < 0x10000 ? "\\u%04x" : "\\U%08x";
                                        quoted.append(format.formatted(c));
                                    }
                                }
                            }
                        });
        write(quoted.append(quote).toString());
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR ->
                            false;
                    default -> true;
                };
    }

    /// The shortest digits that read back as the same number, as Python lays them out.
    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        String sign = Math.copySign(1, number) < 0 ? "-" : "";
        if (number == 0) {
            return sign + "0.0";
        }
        if (exponent >= -4 && exponent < 16) {
            String plain = digits.abs().toPlainString();
            return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
        }
        String unscaled = digits.unscaledValue().abs().toString();
        String mantissa =
                unscaled.length() == 1
                        ? unscaled
                        : unscaled.charAt(0) + "." + unscaled.substring(1);
        return sign + mantissa + String.format(Locale.ROOT, "e%+03d", exponent);
    }

    /// How JSON is laid out.
    ///
    /// @param indent white space of one level; null keeps everything on one line
    record Layout(
            @Nullable String indent,
            String itemSeparator,
            String keySeparator,
            boolean sortKeys,
            boolean asciiOnly) {}

    /// What transformers' `tojson` writes: nothing escaped for HTML.
    static String json(Object value, Layout layout, Budget budget) {
        var printer = new Printer(budget);
        printer.json(value, layout, "\n");
        return printer.out.toString();
    }

    /// Writes one value on the level whose line break is given.
    ///
    /// @param newline the line break and the indentation of this level
    private void json(Object value, Layout layout, String newline) {
        budget.step();
        switch (value) {
            case None _ -> write("null");
            case Boolean truth -> write(truth.toString());
            case Long number -> write(number.toString());
            case Double number -> write(jsonNumber(number));
            case String text -> jsonString(text, layout);
            case List<?> list -> {
                if (list.isEmpty()) {
                    write("[]");
                    return;
                }
                String inner = layout.indent() == null ? "" : newline + layout.indent();
                String before = "[" + inner;
                for (Object item : list) {
                    write(before);
                    json(item, layout, inner);
                    before = layout.itemSeparator() + inner;
                }
                write((layout.indent() == null ? "" : newline) + "]");
            }
            case Map<?, ?> map -> {
                if (map.isEmpty()) {
                    write("{}");
                    return;
                }
                String inner = layout.indent() == null ? "" : newline + layout.indent();
                String before = "{" + inner;
                for (Map.Entry<?, ?> entry : entries(map, layout)) {
                    write(before);
                    jsonString(key(entry.getKey()), layout);
                    write(layout.keySeparator());
                    json(entry.getValue(), layout, inner);
                    before = layout.itemSeparator() + inner;
                }
                write((layout.indent() == null ? "" : newline) + "}");
            }
            default -> throw Failure.of(Values.kind(value) + " cannot be written as JSON");
        }
    }

    private static Iterable<? extends Map.Entry<?, ?>> entries(Map<?, ?> map, Layout layout) {
        if (!layout.sortKeys()) {
            return map.entrySet();
        }
        Map<String, Object> sorted = new TreeMap<>(Strings::compare);
        map.forEach((key, value) -> sorted.put(key(key), value));
        return sorted.entrySet();
    }

    private static String key(Object key) {
        return switch (key) {
            case String text -> text;
            case None _ -> "null";
            case Double number -> jsonNumber(number);
            default -> key.toString();
        };
    }

    private static String jsonNumber(double number) {
        return switch (number(number)) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            case String finite -> finite;
        };
    }

    private void jsonString(String text, Layout layout) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                    if (c < 0x20 || (layout.asciiOnly() && c > 0x7e)) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        write(quoted.append('"').toString());
    }
}
