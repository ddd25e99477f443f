package dev.slimelab.app.library;

import dev.slimelab.app.look.Numbers;

import tools.jackson.databind.JsonNode;

import java.util.stream.Collectors;

/// One cell of the library: a number or words.
///
/// @param number NaN where the value is none
public record Value(String text, double number) implements Comparable<Value> {
    /// What is not there.
    public static final Value NONE = new Value("", Double.NaN);

    public static Value of(double number) {
        boolean whole = number == Math.rint(number);
        return new Value(whole ? Numbers.shortest(number) : Numbers.significant(number, 4), number);
    }

    public static Value of(String text) {
        return new Value(text, Double.NaN);
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

    public boolean isNumber() {
        return !Double.isNaN(number);
    }

    public boolean isNone() {
        return text.isEmpty();
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
        return text.compareToIgnoreCase(other.text);
    }

    private int rank() {
        return isNumber() ? 0 : isNone() ? 2 : 1;
    }
}
