package dev.slimelab.app.ablation;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.sweep.Sweep;
import dev.slimelab.engine.sweep.Template;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands in the editor: a template, if one was taken, settings with their values, and seeds.
record GridDraft(
        String name, @Nullable Template template, List<Axis> axes, String seeds, RunSpec base) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern RANGE =
            Pattern.compile("\\s*(\\S+)\\s+to\\s+(\\S+)\\s+by\\s+(\\S+)\\s*");

    /// A setting and its values as they were typed: `1, 1.5, 2`, `1 to 3 by 0.5`, or JSON.
    record Axis(String path, String values) {}

    /// The sweep that it says.
    ///
    /// @throws Problem bad request: naming what is wrong
    Sweep sweep() {
        ObjectNode tree = template == null ? JSON.createObjectNode() : template.tree();
        tree.put("name", name);
        tree.set("base", SpecJson.toTree(base));
        tree.set("seeds", list(seeds));
        if (!axes.isEmpty()) {
            ObjectNode stage =
                    tree.path("stages").path(0) instanceof ObjectNode first ? first : tree;
            ObjectNode grid =
                    stage.path("grid") instanceof ObjectNode given
                            ? given
                            : stage.putObject("grid");
            for (Axis axis : axes) {
                if (axis.path.isBlank()) {
                    throw Problem.badRequest(
                            "A setting has no path.", "Type one, such as objective.stabiliser.p.");
                }
                grid.set(axis.path.strip(), values(axis.values));
            }
        }
        return Sweep.of(tree, Path.of("").toAbsolutePath(), "The grid");
    }

    private static JsonNode values(String text) {
        Matcher range = RANGE.matcher(text);
        if (range.matches()) {
            ObjectNode node = JSON.createObjectNode();
            for (Map.Entry<String, Integer> part :
                    Map.of("from", 1, "to", 2, "step", 3).entrySet()) {
                node.set(part.getKey(), word(range.group(part.getValue())));
            }
            return node;
        }
        return text.strip().startsWith("{") ? word(text) : list(text);
    }

    private static ArrayNode list(String text) {
        String inside = text.strip();
        try {
            if (JSON.readTree(inside.startsWith("[") ? inside : "[" + inside + "]")
                    instanceof ArrayNode array) {
                return array;
            }
        } catch (JacksonException _) {
            // bare words, read one by one
        }
        ArrayNode words = JSON.createArrayNode();
        for (String part : inside.split(",", -1)) {
            words.add(word(part.strip()));
        }
        return words;
    }

    private static JsonNode word(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException _) {
            return JSON.getNodeFactory().stringNode(text);
        }
    }
}
