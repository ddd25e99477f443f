package dev.slimelab.engine.sweep;

import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Nearest;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// A setting and the values that it takes.
///
/// Written as a list, or as a range: `{"from": 1, "to": 3, "step": 0.5}` or `{"from": 1e-5, "to":
/// 1e-3, "points": 5, "scale": "logarithmic"}`.
///
/// @param path as in a spec
/// @param values of a grid; of a range without step and points only its ends, for random draws
record Axis(String path, List<JsonNode> values, boolean continuous, boolean logarithmic) {
    private static final Set<String> KEYS = Set.of("from", "to", "step", "points", "scale");
    private static final int MOST_VALUES = 1000;

    static Axis parse(String path, JsonNode tree, String where) {
        return switch (tree) {
            case ArrayNode list when !list.isEmpty() ->
                    new Axis(path, List.copyOf(list.values()), false, false);
            case ObjectNode range -> range(path, range, where);
            default ->
                    throw Problem.badRequest(
                            where + " is " + tree + ", but must be a list of values or a range.",
                            "Write it as [1, 2, 3] or {\"from\": 1, \"to\": 3, \"step\": 0.5}.");
        };
    }

    private static Axis range(String path, ObjectNode range, String where) {
        for (String key : range.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw Problem.badRequest(
                        where + " has \"" + key + "\", which is not part of a range.",
                        "Did you mean \"" + Nearest.to(key, KEYS) + "\"?");
            }
        }
        double from = number(range, "from", where);
        double to = number(range, "to", where);
        String scale = range.path("scale").asString("linear");
        boolean logarithmic = scale.equals("logarithmic");
        if (!logarithmic && !scale.equals("linear")) {
            throw Problem.badRequest(
                    where + ".scale is \"" + scale + "\", which is not known.",
                    "Use \"linear\" or \"logarithmic\".");
        }
        if (!(to > from) || (logarithmic && from <= 0)) {
            throw Problem.badRequest(
                    "%s goes from %s to %s."
                            .formatted(where, Settings.number(from), Settings.number(to)),
                    logarithmic
                            ? "Give a larger end, and a beginning above 0."
                            : "Give a larger end.");
        }
        if (range.has("step") && range.has("points")) {
            throw Problem.badRequest(where + " has both step and points.", "Give one of them.");
        }
        if (range.has("step")) {
            double count = Math.floor((to - from) / number(range, "step", where) + 1e-9) + 1;
            double last = from + (count - 1) * number(range, "step", where);
            return new Axis(path, rounded(between(from, last, count, where)), false, false);
        }
        if (range.has("points")) {
            double points = number(range, "points", where);
            DoubleStream values =
                    logarithmic
                            ? between(Math.log(from), Math.log(to), points, where).map(Math::exp)
                            : between(from, to, points, where);
            return new Axis(path, rounded(values), false, logarithmic);
        }
        return new Axis(path, List.of(number(from), number(to)), true, logarithmic);
    }

    private static DoubleStream between(double from, double to, double count, String where) {
        if (!(count >= 1 && count <= MOST_VALUES)) {
            throw Problem.badRequest(
                    where + " has " + Settings.number(count) + " values.",
                    "Give 1 to " + MOST_VALUES + ".");
        }
        return IntStream.range(0, (int) count)
                .mapToDouble(i -> count == 1 ? from : from + i * (to - from) / (count - 1));
    }

    private static List<JsonNode> rounded(DoubleStream values) {
        return values.mapToObj(Axis::number).toList();
    }

    /// With the last digits rounded away, so that 0.1 + 0.2 is 0.3; whole ones are whole.
    private static JsonNode number(double value) {
        double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.9e", value));
        return JsonMapper.shared().readTree(Settings.number(rounded));
    }

    private static double number(ObjectNode range, String key, String where) {
        JsonNode value = range.path(key);
        if (!value.isNumber()) {
            throw Problem.badRequest(
                    where + "." + key + (value.isMissingNode() ? " is missing." : " is no number."),
                    "Give " + where + "." + key + " a number.");
        }
        return value.doubleValue();
    }

    JsonNode draw(SplitMix64 random) {
        if (!continuous) {
            return random.pick(values);
        }
        double from = values.getFirst().doubleValue();
        double to = values.getLast().doubleValue();
        double u = random.uniform();
        double drawn =
                logarithmic
                        ? Math.exp(Math.log(from) + u * (Math.log(to) - Math.log(from)))
                        : from + u * (to - from);
        return JsonNodeFactory.instance.numberNode(
                Double.parseDouble(String.format(Locale.ROOT, "%.3e", drawn)));
    }

    /// What stands in a row's name, such as `p = 2.5`; a preset stands for itself.
    String label(JsonNode value) {
        String text =
                value.isNumber()
                        ? Settings.number(value.doubleValue()).replace(".0E", "e").replace("E", "e")
                        : value.isString() ? value.stringValue() : value.toString();
        return path.equals("objective") && value.isString()
                ? text
                : path.substring(path.lastIndexOf('.') + 1) + " = " + text;
    }
}
