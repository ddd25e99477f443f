package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Builtin.Given;
import dev.slimelab.engine.data.jinja.Expression.Relation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What may follow `is`.
final class Tests {
    static final Map<String, Builtin> ALL =
            Stream.of(
                            kind("defined", value -> !(value instanceof Undefined)),
                            kind("undefined", Undefined.class::isInstance),
                            kind("none", value -> value == None.NONE),
                            kind("string", String.class::isInstance),
                            kind("number", value -> value instanceof Number || isBoolean(value)),
                            kind("integer", Long.class::isInstance),
                            kind("float", Double.class::isInstance),
                            kind("boolean", Tests::isBoolean),
                            kind("true", Boolean.TRUE::equals),
                            kind("false", Boolean.FALSE::equals),
                            kind("mapping", Map.class::isInstance),
                            kind("iterable", Tests::isSequence),
                            kind("sequence", Tests::isSequence),
                            kind(
                                    "callable",
                                    dev.slimelab.engine.data.jinja.Function.class::isInstance),
                            kind(
                                    "lower",
                                    value ->
                                            value instanceof String text
                                                    && text.equals(text.toLowerCase(Locale.ROOT))
                                                    && !text.equals(text.toUpperCase(Locale.ROOT))),
                            kind(
                                    "upper",
                                    value ->
                                            value instanceof String text
                                                    && text.equals(text.toUpperCase(Locale.ROOT))
                                                    && !text.equals(text.toLowerCase(Locale.ROOT))),
                            kind("odd", value -> remainder(value, 2) == 1),
                            kind("even", value -> remainder(value, 2) == 0),
                            Builtin.of(
                                    "divisibleby",
                                    "num",
                                    (value, given) ->
                                            remainder(value, given.integer("num", 1)) == 0),
                            Builtin.of(
                                    "sameas",
                                    "other",
                                    (value, given) -> same(value, given.required("other"))),
                            relation("==", Relation.EQUAL),
                            relation("eq", Relation.EQUAL),
                            relation("equalto", Relation.EQUAL),
                            relation("!=", Relation.UNEQUAL),
                            relation("ne", Relation.UNEQUAL),
                            relation("<", Relation.LESS),
                            relation("lt", Relation.LESS),
                            relation("lessthan", Relation.LESS),
                            relation("<=", Relation.AT_MOST),
                            relation("le", Relation.AT_MOST),
                            relation(">", Relation.GREATER),
                            relation("gt", Relation.GREATER),
                            relation("greaterthan", Relation.GREATER),
                            relation(">=", Relation.AT_LEAST),
                            relation("ge", Relation.AT_LEAST),
                            relation("in", Relation.IN))
                    .collect(Collectors.toUnmodifiableMap(Builtin::name, Function.identity()));

    private Tests() {}

    private static Builtin kind(String name, Predicate<Object> test) {
        return Builtin.of(name, "", (value, _) -> test.test(value));
    }

    private static Builtin relation(String name, Relation relation) {
        return Builtin.of(
                name,
                "other",
                (value, given) -> given.values().relates(relation, value, given.required("other")));
    }

    private static boolean isBoolean(Object value) {
        return value instanceof Boolean;
    }

    private static boolean isSequence(Object value) {
        return value instanceof List
                || value instanceof Map
                || value instanceof String
                || value instanceof Undefined;
    }

    private static long remainder(Object value, long divisor) {
        if (value instanceof Long number && divisor != 0) {
            return Math.floorMod(number, divisor);
        }
        throw Failure.of("%s cannot be divided by %d".formatted(Values.kind(value), divisor));
    }

    /// Values that cannot change are the same where they are equal.
    private static boolean same(Object value, Object other) {
        return value == other
                || (!(value instanceof List) && !(value instanceof Map) && value.equals(other));
    }

    /// The test that `select`, `reject` and the like are given by name, on one value.
    static Predicate<Object> byName(List<Object> nameAndArguments, Given given) {
        if (nameAndArguments.isEmpty()) {
            return given.values()::truth;
        }
        Builtin test = named("test", ALL, nameAndArguments.getFirst());
        var arguments =
                new Arguments(nameAndArguments.subList(1, nameAndArguments.size()), Map.of());
        return value -> given.values().truth(test.apply(given.values(), value, arguments));
    }

    static Builtin named(String kind, Map<String, Builtin> all, Object name) {
        Builtin builtin = name instanceof String text ? all.get(text) : null;
        if (builtin == null) {
            throw Failure.of("the %s %s is not known".formatted(kind, name));
        }
        return builtin;
    }
}
