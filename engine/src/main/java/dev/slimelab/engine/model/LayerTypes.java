package dev.slimelab.engine.model;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Which layers of a model look back a window, as `config.json` says it: by `layer_types`, or by
/// the rules that older files rely on.
final class LayerTypes {
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private LayerTypes() {}

    static List<Attention> uniform(ConfigReader config, Attention attention) {
        return Collections.nCopies(config.layers(), attention);
    }

    /// @param slides whether a layer looks back a window where there is no `layer_types`
    static List<Attention> mixed(
            ConfigReader config, IntPredicate slides, Attention sliding, Attention full) {
        JsonNode types = config.get("layer_types");
        int layers = config.layers();
        if (types.isArray() && types.size() != layers) {
            throw config.refused(
                    "layer_types",
                    types.toString(),
                    "It must name one type for each of the %d layers.".formatted(layers));
        }
        return IntStream.range(0, layers)
                .mapToObj(
                        layer -> {
                            boolean window =
                                    types.isArray()
                                            ? slides(config, types.get(layer))
                                            : slides.test(layer);
                            if (window && sliding.window() == null) {
                                throw config.refused(
                                        "sliding_window",
                                        "null",
                                        "Layer %d looks back a window; say how far."
                                                .formatted(layer));
                            }
                            return window ? sliding : full;
                        })
                .toList();
    }

    private static boolean slides(ConfigReader config, JsonNode type) {
        return switch (type.asString("")) {
            case SLIDING -> true;
            case FULL -> false;
            default ->
                    throw config.refused(
                            "layer_types",
                            type.toString(),
                            "Only %s and %s are supported.".formatted(FULL, SLIDING));
        };
    }

    /// The rule of Qwen2 and Qwen3: where windows are used at all, the first `max_window_layers`
    /// layers see everything.
    static List<Attention> qwen(ConfigReader config) {
        Rope rope = RopeSettings.read(config);
        Integer window =
                config.flag("use_sliding_window") ? config.integerOrNull("sliding_window") : null;
        double firstSliding = config.number("max_window_layers");
        return mixed(
                config,
                layer -> window != null && layer >= firstSliding,
                new Attention(rope, window),
                Attention.full(rope));
    }

    static void writeQwen(ObjectNode json, List<Attention> layers) {
        Integer window = window(layers);
        json.put("use_sliding_window", window != null);
        json.put(
                "max_window_layers",
                (int) layers.stream().takeWhile(layer -> layer.window() == null).count());
        write(json, layers);
    }

    static void write(ObjectNode json, List<Attention> layers) {
        json.put("sliding_window", window(layers));
        var types = json.putArray("layer_types");
        layers.forEach(layer -> types.add(name(layer)));
    }

    static String name(Attention attention) {
        return attention.window() == null ? FULL : SLIDING;
    }

    private static @Nullable Integer window(List<Attention> layers) {
        return layers.stream()
                .map(Attention::window)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
