package dev.slimelab.engine.data.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The functions that every template can call.
final class Globals {
    private static final int LONGEST_RANGE = 100_000;

    private Globals() {}

    static Map<String, Function> of(Values values, LocalDateTime now) {
        return Map.of(
                "range",
                arguments -> range(arguments, values.budget()),
                "dict",
                Globals::dict,
                "namespace",
                arguments -> new Namespace(named("namespace", arguments)),
                "raise_exception",
                Builtin.of(
                                "raise_exception",
                                "message",
                                (_, given) -> {
                                    throw Failure.refusal(values.text(given.required("message")));
                                })
                        .bind(values, None.NONE),
                "strftime_now",
                Builtin.of(
                                "strftime_now",
                                "format",
                                (_, given) -> strftime(given.text("format"), now))
                        .bind(values, None.NONE));
    }

    private static Object range(Arguments arguments, Budget budget) {
        List<Object> bounds = arguments.positional();
        if (bounds.isEmpty()
                || bounds.size() > 3
                || !arguments.named().isEmpty()
                || !bounds.stream().allMatch(Long.class::isInstance)) {
            throw Failure.of("range needs one to three integers");
        }
        long start = bounds.size() == 1 ? 0 : (Long) bounds.get(0);
        long end = (Long) bounds.get(bounds.size() == 1 ? 0 : 1);
        long step = bounds.size() < 3 ? 1 : (Long) bounds.get(2);
        if (step == 0) {
            throw Failure.of("range has the step 0");
        }
        List<Object> range = new ArrayList<>();
        for (long i = start; step > 0 ? i < end : i > end; i += step) {
            if (range.size() == LONGEST_RANGE) {
                throw Failure.of("a range has more than " + LONGEST_RANGE + " members");
            }
            range.add(i);
        }
        budget.members(range.size());
        return range;
    }

    private static Object dict(Arguments arguments) {
        return new LinkedHashMap<Object, Object>(named("dict", arguments));
    }

    /// A mapping as the only positional argument, and what is named.
    private static Map<String, Object> named(String callee, Arguments arguments) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (Object positional : arguments.positional()) {
            if (!(positional instanceof Map<?, ?> map)) {
                throw Failure.of(
                        "%s needs mappings, not %s".formatted(callee, Values.kind(positional)));
            }
            map.forEach((key, value) -> named.put(String.valueOf(key), value));
        }
        named.putAll(arguments.named());
        return named;
    }

    /// As in the C locale. `%-d` and the like leave out the leading zero.
    private static String strftime(String format, LocalDateTime now) {
        var text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            boolean unpadded = format.startsWith("-", i + 1);
            i += unpadded ? 2 : 1;
            String directive = i < format.length() ? format.substring(i, i + 1) : "";
            String value = directive.equals("%") ? "%" : now.format(formatter(directive));
            text.append(unpadded ? value.replaceFirst("^0+(?=.)", "") : value);
        }
        return text.toString();
    }

    private static DateTimeFormatter formatter(String directive) {
        String pattern =
                switch (directive) {
                    case "a" -> "EEE";
                    case "A" -> "EEEE";
                    case "b", "h" -> "MMM";
                    case "B" -> "MMMM";
                    case "d" -> "dd";
                    case "D" -> "MM/dd/yy";
                    case "e" -> "ppd";
                    case "F" -> "yyyy-MM-dd";
                    case "H" -> "HH";
                    case "I" -> "hh";
                    case "j" -> "DDD";
                    case "m" -> "MM";
                    case "M" -> "mm";
                    case "p" -> "a";
                    case "S" -> "ss";
                    case "T" -> "HH:mm:ss";
                    case "y" -> "yy";
                    case "Y" -> "yyyy";
                    default ->
                            throw Failure.of("strftime_now does not know \"%" + directive + "\"");
                };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
