package dev.slimelab.app.compose;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A spec under construction, as a tree that may be wrong for the moment. Immutable: every change
/// is another draft.
///
/// Paths are those of the commands: `objective.stabiliser.p`.
public record Draft(ObjectNode tree) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// The value at a path; null where there is none or where it is JSON's null.
    public @Nullable JsonNode get(String path) {
        JsonNode node = tree;
        for (String key : path.split("\\.", -1)) {
            node = node.path(key);
        }
        return node.isMissingNode() || node.isNull() ? null : node;
    }

    public String text(String path) {
        JsonNode node = get(path);
        return node == null ? "" : node.asString("");
    }

    public Draft with(String path, @Nullable JsonNode value) {
        ObjectNode copy = tree.deepCopy();
        ObjectNode node = copy;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            node = node.get(keys[i]) instanceof ObjectNode child ? child : node.putObject(keys[i]);
        }
        node.set(keys[keys.length - 1], value == null ? JSON.nullNode() : value);
        return new Draft(copy);
    }

    static JsonNode number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? JSON.getNodeFactory().numberNode((long) value)
                : JSON.getNodeFactory().numberNode(value);
    }

    static JsonNode word(String value) {
        return JSON.getNodeFactory().stringNode(value);
    }
}
