package dev.slimelab.engine.serve;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The fields of a JSON object, read one by one. A field that is null counts as left out; one that
/// nobody asked for is refused, so that no wish is silently ignored.
final class Fields {
    private final JsonNode object;
    private final Set<String> known = new HashSet<>();

    Fields(JsonNode object) {
        if (!object.isObject()) {
            throw ApiException.badRequest(null, "The body must be a JSON object.");
        }
        this.object = object;
    }

    /// The field's value, or null where it is left out.
    @Nullable JsonNode find(String name) {
        known.add(name);
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    String text(String name) {
        JsonNode value = find(name);
        if (value == null || !value.isString()) {
            throw wrong(name, value, "a string");
        }
        return value.stringValue();
    }

    boolean flag(String name) {
        JsonNode value = find(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value != null && value.booleanValue();
    }

    long whole(String name, long otherwise, long least, long most) {
        JsonNode value = find(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw wrong(name, value, "a whole number from %d to %d".formatted(least, most));
        }
        return value.longValue();
    }

    int whole(String name, int otherwise, int least, int most) {
        return Math.toIntExact(whole(name, (long) otherwise, least, most));
    }

    double number(String name, double otherwise, double least, double most) {
        JsonNode value = find(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw wrong(name, value, "a number from %s to %s".formatted(least, most));
        }
        return value.doubleValue();
    }

    /// Accepts a field that has no meaning here.
    void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /// Refuses a field that is not supported, unless its value changes nothing.
    void neutral(String name, Predicate<JsonNode> changesNothing) {
        JsonNode value = find(name);
        if (value != null && !changesNothing.test(value)) {
            throw ApiException.badRequest(
                    name, "%s is %s, which is not supported. Leave it out.".formatted(name, value));
        }
    }

    /// To be called when all fields have been asked for.
    void refuseOthers() {
        for (String name : object.propertyNames()) {
            if (!known.contains(name) && !object.get(name).isNull()) {
                throw ApiException.badRequest(
                        name,
                        "%s is not known here. Known are %s."
                                .formatted(
                                        name, String.join(", ", known.stream().sorted().toList())));
            }
        }
    }

    static ApiException wrong(String name, @Nullable JsonNode value, String wanted) {
        return ApiException.badRequest(
                name,
                value == null
                        ? "%s is missing. It must be %s.".formatted(name, wanted)
                        : "%s is %s. It must be %s.".formatted(name, brief(value), wanted));
    }

    private static String brief(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
