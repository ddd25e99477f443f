package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Builtin.Given;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What strings, lists and mappings can be asked by `value.method(…)`. None changes its value:
/// transformers forbids those that would.
final class Methods {
    private static final Map<String, Builtin> STRING =
            all(
                    string("strip", "chars", (text, given) -> Strings.strip(text, stripped(given))),
                    string(
                            "lstrip",
                            "chars",
                            (text, given) -> Strings.stripStart(text, stripped(given))),
                    string(
                            "rstrip",
                            "chars",
                            (text, given) -> Strings.stripEnd(text, stripped(given))),
                    string(
                            "split",
                            "sep maxsplit",
                            (text, given) -> {
                                String separator = separator(given);
                                long limit = given.integer("maxsplit", -1);
                                return separator == null
                                        ? Strings.words(text, limit)
                                        : Strings.split(text, separator, limit);
                            }),
                    string(
                            "rsplit",
                            "sep maxsplit",
                            (text, given) -> {
                                String separator = separator(given);
                                long limit = given.integer("maxsplit", -1);
                                if (separator == null && limit >= 0) {
                                    throw Failure.of("rsplit needs a separator");
                                }
                                return separator == null
                                        ? Strings.words(text, limit)
                                        : Strings.splitFromEnd(text, separator, limit);
                            }),
                    string("splitlines", "", (text, _) -> List.copyOf(text.lines().toList())),
                    string(
                            "replace",
                            "old new count",
                            (text, given) ->
                                    replace(
                                            text,
                                            given.text("old"),
                                            given.text("new"),
                                            given.integer("count", -1),
                                            given.values().budget())),
                    string(
                            "startswith",
                            "prefix",
                            (text, given) -> anyOf(given.required("prefix"), text::startsWith)),
                    string(
                            "endswith",
                            "suffix",
                            (text, given) -> anyOf(given.required("suffix"), text::endsWith)),
                    string(
                            "removeprefix",
                            "prefix",
                            (text, given) ->
                                    text.startsWith(given.text("prefix"))
                                            ? text.substring(given.text("prefix").length())
                                            : text),
                    string(
                            "removesuffix",
                            "suffix",
                            (text, given) ->
                                    text.endsWith(given.text("suffix"))
                                            ? text.substring(
                                                    0,
                                                    text.length() - given.text("suffix").length())
                                            : text),
                    string(
                            "find",
                            "sub",
                            (text, given) -> position(text, text.indexOf(given.text("sub")))),
                    string(
                            "rfind",
                            "sub",
                            (text, given) -> position(text, text.lastIndexOf(given.text("sub")))),
                    string(
                            "count",
                            "sub",
                            (text, given) ->
                                    given.text("sub").isEmpty()
                                            ? Strings.length(text) + 1L
                                            : Strings.split(text, given.text("sub"), -1).size()
                                                    - 1L),
                    string("join", "iterable", (text, given) -> join(text, given)),
                    string("upper", "", (text, _) -> text.toUpperCase(Locale.ROOT)),
                    string("lower", "", (text, _) -> text.toLowerCase(Locale.ROOT)),
                    string("capitalize", "", (text, _) -> Strings.capitalize(text)),
                    string(
                            "title",
                            "",
                            (text, _) -> Strings.title(text, c -> !Character.isLetter(c))),
                    string("isdigit", "", (text, _) -> Strings.all(text, Character::isDigit)),
                    string("isalpha", "", (text, _) -> Strings.all(text, Character::isLetter)),
                    string(
                            "isalnum",
                            "",
                            (text, _) -> Strings.all(text, Character::isLetterOrDigit)),
                    string("isspace", "", (text, _) -> Strings.all(text, Strings::isSpace)));

    private static final Map<String, Builtin> LIST =
            all(
                    Builtin.of(
                            "index",
                            "value",
                            (list, given) -> {
                                List<Object> items = given.values().items(list);
                                for (int i = 0; i < items.size(); i++) {
                                    if (given.values()
                                            .equal(items.get(i), given.required("value"))) {
                                        return (long) i;
                                    }
                                }
                                throw Failure.of("the list does not hold the value");
                            }),
                    Builtin.of(
                            "count",
                            "value",
                            (list, given) ->
                                    given.values().items(list).stream()
                                            .filter(
                                                    item ->
                                                            given.values()
                                                                    .equal(
                                                                            item,
                                                                            given.required(
                                                                                    "value")))
                                            .count()));

    private static final Map<String, Builtin> MAPPING =
            all(
                    mapping("items", "", (map, _) -> pairs(map)),
                    mapping("keys", "", (map, _) -> List.copyOf(map.keySet())),
                    mapping("values", "", (map, _) -> List.copyOf(map.values())),
                    mapping(
                            "get",
                            "key default",
                            (map, given) -> {
                                Object value = map.get(Values.key(given.required("key")));
                                Object initial = given.arguments().get("default");
                                return value != null
                                        ? value
                                        : initial != null ? initial : None.NONE;
                            }));

    private Methods() {}

    /// The methods of a value of that kind.
    static Map<String, Builtin> of(Object value) {
        return switch (value) {
            case String _ -> STRING;
            case List<?> _ -> LIST;
            case Map<?, ?> _ -> MAPPING;
            default -> Map.of();
        };
    }

    private static Map<String, Builtin> all(Builtin... methods) {
        return Stream.of(methods)
                .collect(Collectors.toUnmodifiableMap(Builtin::name, Function.identity()));
    }

    /// What a method does with its value.
    @FunctionalInterface
    private interface On<T> {
        Object apply(T value, Given given);
    }

    /// The work of a method is proportional to the text.
    private static Builtin string(String name, String parameters, On<String> method) {
        return Builtin.of(
                name,
                parameters,
                (subject, given) -> {
                    String text = (String) subject;
                    given.values().budget().take(text.length());
                    return method.apply(text, given);
                });
    }

    private static Builtin mapping(String name, String parameters, On<Map<?, ?>> method) {
        return Builtin.of(name, parameters, (map, given) -> method.apply((Map<?, ?>) map, given));
    }

    /// A list of `[key, value]`.
    static List<Object> pairs(Map<?, ?> map) {
        return map.entrySet().stream()
                .<Object>map(entry -> List.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// The characters of the argument `chars`; white space without it.
    static IntPredicate stripped(Given given) {
        String characters = given.optionalText("chars");
        return characters == null ? Strings::isSpace : c -> characters.indexOf(c) >= 0;
    }

    private static @Nullable String separator(Given given) {
        String separator = given.optionalText("sep");
        if (separator != null && separator.isEmpty()) {
            throw Failure.of("the separator is empty");
        }
        return separator;
    }

    /// The text with `by` in the place of `old`.
    ///
    /// @param count how many to replace at most; negative for all
    static String replace(String text, String old, String by, long count, Budget budget) {
        if (old.isEmpty()) {
            throw Failure.of("replace needs something to replace");
        }
        var replaced = new StringBuilder();
        int start = 0;
        long left = count;
        for (int at = text.indexOf(old); at >= 0 && left != 0; at = text.indexOf(old, start)) {
            budget.grow(replaced, text.substring(start, at));
            budget.grow(replaced, by);
            start = at + old.length();
            left--;
        }
        budget.grow(replaced, text.substring(start));
        return replaced.toString();
    }

    private static boolean anyOf(Object oneOrSeveral, Function<String, Boolean> test) {
        return switch (oneOrSeveral) {
            case String one -> test.apply(one);
            case List<?> several ->
                    several.stream().anyMatch(each -> each instanceof String s && test.apply(s));
            default -> throw Failure.of("a string is needed, not " + Values.kind(oneOrSeveral));
        };
    }

    private static long position(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static String join(String separator, Given given) {
        var joined = new StringBuilder();
        String before = "";
        for (Object item : given.values().items(given.required("iterable"))) {
            if (!(item instanceof String text)) {
                throw Failure.of("join needs strings, not " + Values.kind(item));
            }
            given.values().budget().grow(joined, before);
            given.values().budget().grow(joined, text);
            before = separator;
        }
        return joined.toString();
    }
}
