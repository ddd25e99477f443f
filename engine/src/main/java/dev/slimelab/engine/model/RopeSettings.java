package dev.slimelab.engine.model;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;

/// The rotary settings of `config.json` in both layouts: `rope_parameters` (transformers 5) and
/// `rope_theta` with `rope_scaling` (4 and older). Writes both, so that either reader finds what it
/// looks for.
final class RopeSettings {
    private static final Set<String> KNOWN =
            Set.of(
                    "rope_type",
                    // Older files say "type".
                    "type",
                    "rope_theta",
                    "partial_rotary_factor",
                    "factor",
                    "low_freq_factor",
                    "high_freq_factor",
                    "original_max_position_embeddings");

    private RopeSettings() {}

    /// The settings of a model whose layers all turn alike.
    static Rope read(ConfigReader config) {
        return read(config, null, "rope_theta", "rope_scaling");
    }

    /// The settings of one type of layer.
    ///
    /// @param layerType the key below `rope_parameters`; null where there is only one type
    /// @param thetaKey where the older layout has the base
    /// @param scalingKey where the older layout has the scaling of this type, if it can have any
    static Rope read(
            ConfigReader config,
            @Nullable String layerType,
            String thetaKey,
            @Nullable String scalingKey) {
        double theta = config.number(thetaKey);
        JsonNode all = config.get("rope_parameters");
        JsonNode newer = layerType == null ? all : all.path(layerType);
        String where = layerType == null ? "rope_parameters" : "rope_parameters." + layerType;
        Rope rope = rope(config, theta, newer, where);
        JsonNode older = scalingKey == null ? null : config.get(scalingKey);
        if (scalingKey == null || older == null || !older.isObject()) {
            return rope;
        }
        Rope scaled = rope(config, rope.theta(), older, scalingKey);
        if (newer.isObject() && !scaled.equals(rope)) {
            throw config.refused(
                    scalingKey,
                    older.toString(),
                    "It contradicts %s; keep the one that is meant.".formatted(where));
        }
        return scaled;
    }

    private static Rope rope(ConfigReader config, double absentTheta, JsonNode json, String where) {
        if (!json.isObject()) {
            return new Rope.Plain(absentTheta);
        }
        for (String key : json.propertyNames()) {
            if (!KNOWN.contains(key)) {
                throw config.refused(
                        where + "." + key,
                        json.get(key).toString(),
                        "This setting is not supported; choose another model.");
            }
        }
        var settings = config.below(where, json);
        settings.mustEqual("partial_rotary_factor", 1.0);
        double theta = settings.number("rope_theta", absentTheta);
        String type = json.path("rope_type").asString(json.path("type").asString("default"));
        return switch (type) {
            case "default" -> new Rope.Plain(theta);
            case "linear" -> new Rope.Linear(theta, settings.number("factor"));
            case "llama3" ->
                    new Rope.Llama3(
                            theta,
                            settings.number("factor"),
                            settings.number("low_freq_factor"),
                            settings.number("high_freq_factor"),
                            settings.number("original_max_position_embeddings"));
            default ->
                    throw config.refused(
                            where + ".rope_type",
                            "\"" + type + "\"",
                            "Only default, linear and llama3 are supported; choose another model.");
        };
    }

    /// What stands in `rope_parameters`.
    static ObjectNode parameters(Rope rope) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("rope_theta", rope.theta());
        switch (rope) {
            case Rope.Plain _ -> json.put("rope_type", "default");
            case Rope.Linear linear -> {
                json.put("rope_type", "linear");
                json.put("factor", linear.factor());
            }
            case Rope.Llama3 llama3 -> {
                json.put("rope_type", "llama3");
                json.put("factor", llama3.factor());
                json.put("low_freq_factor", llama3.lowFrequencyFactor());
                json.put("high_freq_factor", llama3.highFrequencyFactor());
                json.put("original_max_position_embeddings", (long) llama3.originalMaxPositions());
            }
        }
        return json;
    }

    /// Both layouts, for a model with one kind of rope or for its layers that see everything.
    static void write(ObjectNode json, Rope rope) {
        ObjectNode parameters = parameters(rope);
        json.put("rope_theta", rope.theta());
        json.set("rope_parameters", parameters);
        if (!(rope instanceof Rope.Plain)) {
            json.set("rope_scaling", parameters.deepCopy().without("rope_theta"));
        }
    }
}
