package dev.slimelab.app.library;

import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.stream.Collectors;

/// One cell of the library: a number or words.
///
/// A number is written when somebody looks at it: a thousand runs have a hundred thousand.
public final class Value implements Comparable<Value> {
    /// What is not there.
    public static final Value NONE = of("");

    private final double number;
    private @Nullable String text;

    private Value(double number, @Nullable String text) {
        this.number = number;
        this.text = text;
    }

    public static Value of(double number) {
        return new Value(number, null);
    }

    /// A number that is written in a way of its own.
    static Value of(double number, String text) {
        return new Value(number, text);
    }

    public static Value of(String text) {
        return new Value(Double.NaN, text);
    }

    static Value of(JsonNode node) {
        if (node.isNumber()) {
            return of(node.doubleValue());
        }
        if (node.isArray()) {
            return of(node.valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")));
        }
        return node.isNull() ? NONE : of(node.asString());
    }

    /// NaN where the value is none.
    public double number() {
        return number;
    }

    public String text() {
        String written = text;
        if (written == null) {
            boolean whole = number == Math.rint(number);
            written = whole ? Numbers.shortest(number) : Numbers.significant(number, 4);
            text = written;
        }
        return written;
    }

    public boolean isNumber() {
        return !Double.isNaN(number);
    }

    public boolean isNone() {
        return !isNumber() && text().isEmpty();
    }

    /// Numbers by size, then words by the alphabet, then what is not there.
    @Override
    public int compareTo(Value other) {
        if (isNumber() && other.isNumber()) {
            return Double.compare(number, other.number);
        }
        if (rank() != other.rank()) {
            return Integer.compare(rank(), other.rank());
        }
        return text().compareToIgnoreCase(other.text());
    }

    private int rank() {
        return isNumber() ? 0 : isNone() ? 2 : 1;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Value other
                && Double.compare(number, other.number) == 0
                && (isNumber() || text().equals(other.text()));
    }

    @Override
    public int hashCode() {
        return isNumber() ? Double.hashCode(number) : text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
