package dev.slimelab.app.compose;

import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;

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

    /// What was typed into a field, as a value: a number, words, an object, or null where nothing
    /// is allowed. Text that is none of what the field takes becomes a word, and the check of the
    /// draft says what is wrong with it.
    static @Nullable JsonNode typed(FormField field, String text) {
        String typed = text.strip();
        return switch (field.kind()) {
            case NUMBER, WHOLE_NUMBER -> {
                String plain = typed.replace('−', '-').replace("\u202f", "");
                if (plain.isEmpty() && field.optional()) {
                    yield null;
                }
                try {
                    yield number(field, Double.parseDouble(plain));
                } catch (NumberFormatException _) {
                    yield word(plain);
                }
            }
            case LIST -> {
                ArrayNode words = JSON.createArrayNode();
                Arrays.stream(typed.split(",", -1))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .forEach(words::add);
                yield words;
            }
            case OBJECT -> typed.isEmpty() ? null : object(typed);
            case TEXT, CHOICE, PAGE -> typed.isEmpty() && field.optional() ? null : word(typed);
        };
    }

    private static JsonNode object(String typed) {
        try {
            return JSON.readTree(typed);
        } catch (JacksonException _) {
            return word(typed);
        }
    }

    /// The value of a field as a person types it.
    String typed(FormField field) {
        JsonNode value = get(field.path());
        return switch (value) {
            case null -> "";
            case ArrayNode list ->
                    String.join(", ", list.valueStream().map(item -> item.asString("")).toList());
            case ObjectNode object -> object.toString();
            default ->
                    field.isNumeric() && value.isNumber()
                            ? Numbers.plain(value.doubleValue())
                            : value.asString("");
        };
    }

    /// A number of the type that the field has in a spec, as far as it is one.
    static JsonNode number(FormField field, double value) {
        var values = JSON.getNodeFactory();
        boolean whole =
                field.kind() == FormField.Kind.WHOLE_NUMBER
                        && value == Math.rint(value)
                        && Math.abs(value) < Integer.MAX_VALUE;
        if (!whole) {
            return values.numberNode(value);
        }
        return field.type() == long.class
                ? values.numberNode((long) value)
                : values.numberNode((int) value);
    }

    static JsonNode word(String value) {
        return JSON.getNodeFactory().stringNode(value);
    }
}
