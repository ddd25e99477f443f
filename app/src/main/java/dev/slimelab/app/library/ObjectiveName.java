package dev.slimelab.app.library;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.spec.SpecJson;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an objective is called: its preset, or the nearest preset and what differs from it.
public final class ObjectiveName {
    private static final int NAMED = 2;

    private ObjectiveName() {}

    /// For example `SLIME`, `SLIME, p 2`, `SLIME, no stabiliser`.
    public static String of(Objective objective) {
        return Arrays.stream(Preset.values())
                .map(preset -> Map.entry(preset, differences(preset.objective(), objective)))
                .min(Comparator.comparingInt(candidate -> candidate.getValue().size()))
                .map(nearest -> name(nearest.getKey(), nearest.getValue()))
                .orElse("own objective");
    }

    private static String name(Preset preset, List<String> differences) {
        if (differences.isEmpty()) {
            return preset.label();
        }
        return differences.size() <= NAMED
                ? preset.label() + ", " + String.join(", ", differences)
                : preset.label() + ", changed";
    }

    private static List<String> differences(Objective base, Objective other) {
        Map<String, String> before = new LinkedHashMap<>();
        Map<String, String> after = new LinkedHashMap<>();
        flatten(SpecJson.toTree(base), "", before);
        flatten(SpecJson.toTree(other), "", after);
        List<String> differences = new ArrayList<>();
        after.forEach(
                (path, value) -> {
                    if (value.equals("null") && !before.getOrDefault(path, "").equals("null")) {
                        differences.add("no " + path);
                    } else if (before.containsKey(path) && !value.equals(before.get(path))) {
                        differences.add(path.substring(path.lastIndexOf('.') + 1) + " " + value);
                    } else if (!before.containsKey(path) && !value.equals("null")) {
                        differences.add("with " + path);
                    }
                });
        return differences;
    }

    private static void flatten(JsonNode node, String path, Map<String, String> into) {
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(
                            entry ->
                                    flatten(
                                            entry.getValue(),
                                            path.isEmpty()
                                                    ? entry.getKey()
                                                    : path + "." + entry.getKey(),
                                            into));
        } else {
            into.put(
                    path,
                    node.isNumber()
                            ? dev.slimelab.app.look.Numbers.shortest(node.doubleValue())
                            : node.asString("null"));
        }
    }
}
