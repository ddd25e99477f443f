package dev.slimelab.app.library;

import dev.slimelab.app.look.Numbers;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/// What an objective is called: its preset, or the nearest preset and what differs from it.
public final class ObjectiveName {
    private static final int NAMED = 2;
    private static final String KIND = "kind";

    /// Every preset with its settings: they never change.
    private static final Map<Preset, JsonNode> PRESETS =
            Arrays.stream(Preset.values())
                    .collect(
                            Collectors.toMap(
                                    Function.identity(),
                                    preset -> SpecJson.toTree(preset.objective()),
                                    (one, _) -> one,
                                    LinkedHashMap::new));

    private ObjectiveName() {}

    /// For example `SLIME`, `SLIME, p 2`, `SLIME, no stabiliser`, `DPO, contrast hinge`.
    public static String of(Objective objective) {
        JsonNode settings = SpecJson.toTree(objective);
        return PRESETS.entrySet().stream()
                .map(preset -> Map.entry(preset.getKey(), differences(preset.getValue(), settings)))
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

    private static List<String> differences(JsonNode base, JsonNode other) {
        List<String> differences = new ArrayList<>();
        compare("", base, other, differences);
        return differences;
    }

    /// A slot of another kind is one difference, whatever settings the kind brings along.
    private static void compare(
            String name, JsonNode base, JsonNode other, List<String> differences) {
        if (base.equals(other)) {
            return;
        }
        if (other.isNull()) {
            differences.add("no " + name);
        } else if (base.isNull()) {
            differences.add("with " + name);
        } else if (!(other instanceof ObjectNode settings)) {
            differences.add(name + " " + value(other));
        } else if (!base.path(KIND).equals(other.path(KIND))) {
            differences.add(name + " " + other.path(KIND).stringValue());
        } else {
            settings.properties()
                    .forEach(
                            setting ->
                                    compare(
                                            setting.getKey(),
                                            base.path(setting.getKey()),
                                            setting.getValue(),
                                            differences));
        }
    }

    private static String value(JsonNode node) {
        return node.isNumber() ? Numbers.shortest(node.doubleValue()) : node.asString("");
    }
}
