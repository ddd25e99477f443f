package dev.slimelab.engine.spec;

import dev.slimelab.engine.problem.Problem;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Specs as text that a person writes: JSON, or the part of YAML 1.2 that says the same.
///
/// YAML is read with the core schema, so `5e-7` is a number and `no` a word. What JSON cannot say
/// is refused by name: anchors and aliases, tags, merge keys, several documents
/// (docs/decisions/0022-specs-as-yaml.md).
public final class SpecText {
    /// How a spec is written down.
    public enum Format {
        JSON,
        YAML;

        /// By a file's ending: YAML for `.yaml` and `.yml`, JSON for all others.
        public static Format of(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            return name.endsWith(".yaml") || name.endsWith(".yml") ? YAML : JSON;
        }
    }

    /// What became of a text.
    public sealed interface Reading {}

    /// A text that holds settings, whether or not they are a spec.
    ///
    /// @param lines finds the line, from 1, in which each setting stands, by its path, such as
    ///   `objective.stabiliser.p`; none where only a JSON reader understands the text
    public record Understood(ObjectNode tree, Supplier<Map<String, Integer>> lines)
            implements Reading {
        /// The line of the setting that a refusal speaks of, or of the nearest one around it; 0
        /// where it speaks of none.
        public int line(Problem refusal) {
            Map<String, Integer> known = lines.get();
            String path = SpecText.path(refusal);
            while (!path.isEmpty() && !known.containsKey(path)) {
                path = path.substring(0, Math.max(0, path.lastIndexOf('.')));
            }
            return known.getOrDefault(path, 0);
        }
    }

    /// A text that holds none, and why.
    ///
    /// @param line from 1; 0 where it is not known
    /// @param why what is wrong, as a clause without a full stop
    /// @param remedy what to do, as a sentence
    public record NotUnderstood(int line, String why, String remedy) implements Reading {}

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final LoadSettings READING =
            LoadSettings.builder().setSchema(new WithoutMergeKeys()).build();

    private static final DumpSettings WRITING =
            DumpSettings.builder()
                    .setSchema(new CoreSchema())
                    .setDefaultFlowStyle(FlowStyle.BLOCK)
                    .setIndent(2)
                    .setWidth(120)
                    .build();

    private SpecText() {}

    /// The core schema, to which `<<` is a word like any other, so that it can be refused.
    private static final class WithoutMergeKeys extends CoreSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            ScalarResolver core = super.getScalarResolver();
            return (text, plain) -> {
                Tag tag = core.resolve(text, plain);
                return tag.equals(Tag.MERGE) ? Tag.STR : tag;
            };
        }
    }

    public static Reading read(String text, Format format) {
        return switch (format) {
            case JSON -> readJson(text);
            case YAML -> readYaml(text);
        };
    }

    /// The text of a tree, ending in a newline.
    public static String write(ObjectNode tree, Format format) {
        return switch (format) {
            case JSON -> JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
            case YAML ->
                    new Dump(WRITING).dumpToString(JSON.convertValue(tree, LinkedHashMap.class));
        };
    }

    /// The setting that a refusal speaks of: it begins with its path, in quotes where the setting
    /// is not known. Empty where it begins otherwise.
    static String path(Problem refusal) {
        String start = refusal.what().replace("\"", "").split("[ :]", 2)[0];
        return start.matches("[A-Za-z][\\w-]*(\\[\\d+])*(\\.[\\w-]+(\\[\\d+])*)*")
                ? start.replaceAll("\\[\\d+]", "")
                : "";
    }

    private static Reading readJson(String text) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JacksonException e) {
            var at = e.getLocation();
            return new NotUnderstood(
                    at == null ? 0 : at.getLineNr(),
                    "is not JSON: " + e.getOriginalMessage(),
                    "Correct that line.");
        }
        if (!(tree instanceof ObjectNode object)) {
            return new NotUnderstood(
                    0, "holds no JSON object", "Write the spec as { \"name\": … }.");
        }
        return new Understood(object, () -> lines(text));
    }

    /// JSON is YAML, whose reader knows where everything stands. Only a refusal asks for it.
    private static Map<String, Integer> lines(String json) {
        return readYaml(json) instanceof Understood(var _, var lines) ? lines.get() : Map.of();
    }

    private static Reading readYaml(String text) {
        try {
            Optional<Node> root = new Compose(READING).composeString(text);
            if (root.orElse(null) instanceof MappingNode mapping) {
                Map<String, Integer> lines = new LinkedHashMap<>();
                return new Understood(object(mapping, "", lines), () -> lines);
            }
            return new NotUnderstood(0, "holds no settings", "Write one `name: value` a line.");
        } catch (Refusal refused) {
            return refused.reading;
        } catch (MarkedYamlEngineException e) {
            String why = e.getProblem();
            return new NotUnderstood(
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0),
                    why.contains("another document")
                            ? "holds several YAML documents, but a spec is one"
                            : "is not YAML: " + why,
                    "Correct that line.");
        } catch (YamlEngineException e) {
            return new NotUnderstood(
                    0,
                    "is not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "Correct it.");
        }
    }

    /// Ends the reading of a YAML text; never leaves this class.
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient NotUnderstood reading;

        Refusal(Node at, String what, String remedy) {
            super(what);
            reading = new NotUnderstood(line(at), what, remedy);
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private static ObjectNode object(MappingNode mapping, String path, Map<String, Integer> lines) {
        refuseAnchor(mapping);
        requireTag(mapping, Tag.MAP);
        ObjectNode object = JSON.createObjectNode();
        for (NodeTuple entry : mapping.getValue()) {
            String key = key(entry.getKeyNode());
            if (object.has(key)) {
                throw new Refusal(
                        entry.getKeyNode(), "says \"" + key + "\" twice", "Keep one of the two.");
            }
            String at = path.isEmpty() ? key : path + "." + key;
            lines.put(at, line(entry.getKeyNode()));
            object.set(key, value(entry.getValueNode(), at, lines));
        }
        return object;
    }

    private static String key(Node node) {
        refuseAnchor(node);
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
            throw new Refusal(
                    node, "has a key that is no word", "Write the name of a setting there.");
        }
        if (scalar.getValue().equals("<<")) {
            throw new Refusal(
                    node,
                    "has a merge key (<<), which is not read",
                    "Write the settings out where they hold.");
        }
        return scalar.getValue();
    }

    private static JsonNode value(Node node, String path, Map<String, Integer> lines) {
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, lines);
            case SequenceNode sequence -> {
                refuseAnchor(sequence);
                requireTag(sequence, Tag.SEQ);
                ArrayNode array = JSON.createArrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(value(item, path, lines));
                }
                yield array;
            }
            case ScalarNode scalar -> {
                refuseAnchor(scalar);
                yield scalar(scalar);
            }
            default -> throw new Refusal(node, "has an alias, which is not read", REPEAT);
        };
    }

    private static final String REPEAT = "Repeat the settings instead.";

    private static void refuseAnchor(Node node) {
        if (node.getAnchor().isPresent()) {
            throw new Refusal(
                    node,
                    "has an anchor (&"
                            + node.getAnchor().get().getValue()
                            + "), and neither anchors nor aliases are read",
                    REPEAT);
        }
    }

    private static void requireTag(Node node, Tag expected) {
        if (!node.getTag().equals(expected)) {
            throw tagged(node);
        }
    }

    private static Refusal tagged(Node node) {
        return new Refusal(
                node,
                "has a tag (" + node.getTag().getValue() + "), and tags are not read",
                "Leave the tag out.");
    }

    private static JsonNode scalar(ScalarNode node) {
        var values = JSON.getNodeFactory();
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return values.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return values.booleanNode(text.equalsIgnoreCase("true"));
        }
        if (tag.equals(Tag.INT)) {
            return integer(node, text);
        }
        if (tag.equals(Tag.FLOAT)) {
            return number(node, text);
        }
        if (tag.equals(Tag.STR)) {
            return values.stringNode(text);
        }
        throw tagged(node);
    }

    private static JsonNode integer(ScalarNode node, String text) {
        if (!text.matches("[-+]?\\d+")) {
            throw new Refusal(
                    node, "has " + text + ", and only decimal numbers are read", "Write it out.");
        }
        BigInteger whole = new BigInteger(text);
        var values = JSON.getNodeFactory();
        return whole.bitLength() < Integer.SIZE
                ? values.numberNode(whole.intValue())
                : whole.bitLength() < Long.SIZE
                        ? values.numberNode(whole.longValue())
                        : values.numberNode(whole);
    }

    private static JsonNode number(ScalarNode node, String text) {
        try {
            return JSON.getNodeFactory().numberNode(Double.parseDouble(text));
        } catch (NumberFormatException _) {
            throw new Refusal(node, "has " + text + ", which is no finite number", "Write one.");
        }
    }
}
