package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Builtin.Given;
import dev.slimelab.engine.data.jinja.Expression.Operator;
import dev.slimelab.engine.data.jinja.Printer.Layout;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What may follow `|`.
final class Filters {
    static final Map<String, Builtin> ALL =
            Stream.of(
                            text(
                                    "trim",
                                    "chars",
                                    (text, given) -> Strings.strip(text, Methods.stripped(given))),
                            text("upper", "", (text, _) -> text.toUpperCase(Locale.ROOT)),
                            text("lower", "", (text, _) -> text.toLowerCase(Locale.ROOT)),
                            text("capitalize", "", (text, _) -> Strings.capitalize(text)),
                            text(
                                    "title",
                                    "",
                                    (text, _) ->
                                            Strings.title(
                                                    text,
                                                    c ->
                                                            Strings.isSpace(c)
                                                                    || "-({[<".indexOf(c) >= 0)),
                            text(
                                    "replace",
                                    "old new count",
                                    (text, given) ->
                                            Methods.replace(
                                                    text,
                                                    given.text("old"),
                                                    given.text("new"),
                                                    given.integer("count", -1),
                                                    given.values().budget())),
                            text("indent", "width first blank", Filters::indent),
                            text("string", "", (text, _) -> text),
                            text("safe", "", (text, _) -> text),
                            text(
                                    "wordcount",
                                    "",
                                    (text, _) -> (long) Strings.words(text, -1).size()),
                            Builtin.of(
                                    "tojson",
                                    "ensure_ascii indent separators sort_keys",
                                    Filters::json),
                            length("length"),
                            length("count"),
                            fallback("default"),
                            fallback("d"),
                            Builtin.of(
                                    "int",
                                    "default",
                                    (value, given) -> integer(value, given.integer("default", 0))),
                            Builtin.of("float", "default", Filters::real),
                            Builtin.of(
                                    "abs",
                                    "",
                                    (value, given) ->
                                            given.values().compare(value, 0L) < 0
                                                    ? given.values().sign(Operator.SUBTRACT, value)
                                                    : value),
                            Builtin.of("round", "precision method", Filters::round),
                            Builtin.of(
                                    "items",
                                    "",
                                    (value, _) ->
                                            switch (value) {
                                                case Map<?, ?> map -> Methods.pairs(map);
                                                case Undefined _ -> List.of();
                                                default ->
                                                        throw Failure.of(
                                                                "items needs a mapping, not "
                                                                        + Values.kind(value));
                                            }),
                            Builtin.of("dictsort", "case_sensitive by reverse", Filters::dictsort),
                            items("list", "", (items, _) -> items),
                            items(
                                    "first",
                                    "",
                                    (items, _) ->
                                            items.isEmpty()
                                                    ? new Undefined("there is no first item")
                                                    : items.getFirst()),
                            items(
                                    "last",
                                    "",
                                    (items, _) ->
                                            items.isEmpty()
                                                    ? new Undefined("there is no last item")
                                                    : items.getLast()),
                            Builtin.of(
                                    "reverse",
                                    "",
                                    (value, given) -> {
                                        List<Object> reversed =
                                                given.values().items(value).reversed();
                                        return value instanceof String
                                                ? join(reversed, "", given)
                                                : reversed;
                                    }),
                            items(
                                    "join",
                                    "d attribute",
                                    (items, given) -> {
                                        Object separator = given.optional("d");
                                        return join(
                                                items.stream().map(attribute(given)).toList(),
                                                separator == null
                                                        ? ""
                                                        : given.values().text(separator),
                                                given);
                                    }),
                            items("map", "* attribute default", Filters::map),
                            selection("select", Kept.WHERE_TRUE),
                            selection("reject", Kept.WHERE_FALSE),
                            selectionByAttribute("selectattr", Kept.WHERE_TRUE),
                            selectionByAttribute("rejectattr", Kept.WHERE_FALSE),
                            items("sort", "reverse case_sensitive attribute", Filters::sort),
                            items("unique", "case_sensitive attribute", Filters::unique),
                            items(
                                    "min",
                                    "case_sensitive attribute",
                                    (items, given) ->
                                            extreme(items, given, UnaryOperator.identity())),
                            items(
                                    "max",
                                    "case_sensitive attribute",
                                    (items, given) -> extreme(items, given, Comparator::reversed)),
                            items(
                                    "sum",
                                    "attribute start",
                                    (items, given) -> {
                                        Object start = given.optional("start");
                                        Object sum = start == null ? Long.valueOf(0) : start;
                                        for (Object item : items) {
                                            sum =
                                                    given.values()
                                                            .arithmetic(
                                                                    Operator.ADD,
                                                                    sum,
                                                                    attribute(given).apply(item));
                                        }
                                        return sum;
                                    }))
                    .collect(Collectors.toUnmodifiableMap(Builtin::name, Function.identity()));

    private Filters() {}

    private interface OnText {
        Object apply(String text, Given given);
    }

    private interface OnItems {
        Object apply(List<Object> items, Given given);
    }

    /// For any value, as the text that it prints.
    private static Builtin text(String name, String parameters, OnText filter) {
        return Builtin.of(
                name,
                parameters,
                (value, given) -> {
                    String text = given.values().text(value);
                    given.values().budget().take(text.length());
                    return filter.apply(text, given);
                });
    }

    /// For whatever can be iterated over.
    private static Builtin items(String name, String parameters, OnItems filter) {
        return Builtin.of(
                name,
                parameters,
                (value, given) -> filter.apply(given.values().items(value), given));
    }

    private static Builtin length(String name) {
        return Builtin.of(name, "", (value, given) -> given.values().length(value));
    }

    private static Builtin fallback(String name) {
        return Builtin.of(
                name,
                "default_value boolean",
                (value, given) -> {
                    boolean missing =
                            value instanceof Undefined
                                    || (given.flag("boolean") && !given.values().truth(value));
                    Object otherwise = given.arguments().get("default_value");
                    return !missing ? value : otherwise == null ? "" : otherwise;
                });
    }

    /// The lines after the first are moved to the right, empty ones only if `blank` is true.
    private static String indent(String text, Given given) {
        String by = indentation(given, "width", 4);
        var indented = new StringBuilder();
        String before = given.flag("first") ? by : "";
        for (String line : text.split("\n", -1)) {
            boolean moves = indented.isEmpty() || !line.isEmpty() || given.flag("blank");
            given.values().budget().grow(indented, moves ? before + line : line);
            given.values().budget().grow(indented, "\n");
            before = by;
        }
        return indented.substring(0, indented.length() - 1);
    }

    /// One level: a text, or a number of spaces.
    private static String indentation(Given given, String name, long otherwise) {
        if (given.optional(name) instanceof String text) {
            return text;
        }
        long spaces = given.integer(name, otherwise);
        if (spaces > 100) {
            throw Failure.of("an indentation of %d is too deep".formatted(spaces));
        }
        return " ".repeat((int) Math.max(0, spaces));
    }

    private static Object json(Object value, Given given) {
        String oneLevel = given.optional("indent") == null ? null : indentation(given, "indent", 0);
        String itemSeparator = oneLevel == null ? ", " : ",";
        String keySeparator = ": ";
        if (given.optional("separators") instanceof List<?> separators
                && separators.size() == 2
                && separators.get(0) instanceof String item
                && separators.get(1) instanceof String key) {
            itemSeparator = item;
            keySeparator = key;
        }
        return Printer.json(
                value,
                new Layout(
                        oneLevel,
                        itemSeparator,
                        keySeparator,
                        given.flag("sort_keys"),
                        given.flag("ensure_ascii")),
                given.values().budget());
    }

    private static long integer(Object value, long otherwise) {
        return switch (value) {
            case Long number -> number;
            case Double number -> number.longValue();
            case Boolean truth -> truth ? 1 : 0;
            case String text -> {
                try {
                    String number = Strings.strip(text, Strings::isSpace);
                    yield number.matches("[+-]?\\d+")
                            ? Long.parseLong(number)
                            : (long) Double.parseDouble(number);
                } catch (NumberFormatException _) {
                    yield otherwise;
                }
            }
            case Undefined undefined -> throw undefined.used();
            default -> otherwise;
        };
    }

    private static Object real(Object value, Given given) {
        Object otherwise = given.optional("default");
        return switch (value) {
            case Long number -> (double) number;
            case Double number -> number;
            case Boolean truth -> truth ? 1.0 : 0.0;
            case String text -> {
                try {
                    yield Double.parseDouble(Strings.strip(text, Strings::isSpace));
                } catch (NumberFormatException _) {
                    yield otherwise == null ? Double.valueOf(0) : otherwise;
                }
            }
            case Undefined undefined -> throw undefined.used();
            default -> otherwise == null ? Double.valueOf(0) : otherwise;
        };
    }

    private static Object round(Object value, Given given) {
        String method = given.optionalText("method");
        RoundingMode mode =
                switch (method == null ? "common" : method) {
                    case "common" -> RoundingMode.HALF_EVEN;
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> throw Failure.of("round does not know the method " + method);
                };
        int precision = Math.clamp(given.integer("precision", 0), -300, 300);
        return switch (value) {
            case Long number -> roundTo(number, precision, mode);
            case Double number -> roundTo(number, precision, mode);
            case Undefined undefined -> throw undefined.used();
            default -> throw Failure.of(Values.kind(value) + " cannot be rounded");
        };
    }

    private static double roundTo(double number, int precision, RoundingMode mode) {
        return Double.isFinite(number)
                ? new BigDecimal(number).setScale(precision, mode).doubleValue()
                : number;
    }

    private static String join(List<?> items, String separator, Given given) {
        Budget budget = given.values().budget();
        var joined = new StringBuilder();
        String before = "";
        for (Object item : items) {
            budget.grow(joined, before);
            budget.grow(joined, given.values().text(item));
            before = separator;
        }
        return joined.toString();
    }

    /// The part that the argument `attribute` names, `a.b.0` for parts of parts; the item itself
    /// without it.
    private static UnaryOperator<Object> attribute(Given given) {
        Object path = given.optional("attribute");
        return path == null ? UnaryOperator.identity() : part(path, given);
    }

    private static UnaryOperator<Object> part(Object path, Given given) {
        var access = new Access(given.values());
        List<Object> keys =
                path instanceof String text
                        ? Strings.split(text, ".", -1).stream().map(Filters::key).toList()
                        : List.of(path);
        return item -> {
            Object part = item;
            for (Object key : keys) {
                part = access.item(part, key);
            }
            return part;
        };
    }

    private static Object key(Object name) {
        String text = name.toString();
        return text.matches("\\d{1,9}") ? Long.valueOf(text) : text;
    }

    private static List<Object> map(List<Object> items, Given given) {
        List<Object> rest = given.rest();
        if (rest.isEmpty()) {
            Object otherwise = given.arguments().get("default");
            UnaryOperator<Object> part = part(given.required("attribute"), given);
            return items.stream()
                    .map(part)
                    .map(
                            value ->
                                    value instanceof Undefined && otherwise != null
                                            ? otherwise
                                            : value)
                    .toList();
        }
        Builtin filter = Tests.named("filter", ALL, rest.getFirst());
        var arguments = new Arguments(rest.subList(1, rest.size()), Map.of());
        return items.stream().map(item -> filter.apply(given.values(), item, arguments)).toList();
    }

    private enum Kept {
        WHERE_TRUE,
        WHERE_FALSE
    }

    private static Builtin selection(String name, Kept kept) {
        return items(
                name,
                Arguments.REST,
                (items, given) -> keep(items, Tests.byName(given.rest(), given), kept));
    }

    private static Builtin selectionByAttribute(String name, Kept kept) {
        return items(
                name,
                "attribute " + Arguments.REST,
                (items, given) -> {
                    Predicate<Object> test = Tests.byName(given.rest(), given);
                    UnaryOperator<Object> part = part(given.required("attribute"), given);
                    return keep(items, item -> test.test(part.apply(item)), kept);
                });
    }

    private static List<Object> keep(List<Object> items, Predicate<Object> test, Kept kept) {
        return items.stream().filter(kept == Kept.WHERE_TRUE ? test : test.negate()).toList();
    }

    /// Upper and lower case are the same unless `case_sensitive` is true.
    private static Object folded(Object value, Given given) {
        return value instanceof String text && !given.flag("case_sensitive")
                ? text.toLowerCase(Locale.ROOT)
                : value;
    }

    private static Comparator<Object> order(Given given, UnaryOperator<Object> part) {
        Comparator<Object> order =
                (a, b) ->
                        given.values()
                                .compare(
                                        folded(part.apply(a), given), folded(part.apply(b), given));
        return given.flag("reverse") ? order.reversed() : order;
    }

    private static List<Object> sort(List<Object> items, Given given) {
        return items.stream().sorted(order(given, attribute(given))).toList();
    }

    private static Object extreme(
            List<Object> items, Given given, UnaryOperator<Comparator<Object>> direction) {
        @Nullable Object extreme =
                items.stream().min(direction.apply(order(given, attribute(given)))).orElse(null);
        return extreme == null ? new Undefined("there is no item") : extreme;
    }

    private static List<Object> unique(List<Object> items, Given given) {
        UnaryOperator<Object> part = attribute(given);
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : items) {
            Object value = folded(part.apply(item), given);
            if (seen.stream().noneMatch(other -> given.values().equal(other, value))) {
                seen.add(value);
                unique.add(item);
            }
        }
        return unique;
    }

    private static List<Object> dictsort(Object value, Given given) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Failure.of("dictsort needs a mapping, not " + Values.kind(value));
        }
        String by = given.optionalText("by");
        int position = "value".equals(by) ? 1 : 0;
        return Methods.pairs(map).stream()
                .sorted(order(given, pair -> ((List<?>) pair).get(position)))
                .toList();
    }
}
