package dev.slimelab.engine.spec;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Nearest;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec.Adapter;
import dev.slimelab.engine.spec.RunSpec.ReferenceModel;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Specs as JSON text: reading with precise refusals, writing whole, changing single values by
/// path.
public final class SpecJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private static final RecordJson RECORDS =
            new RecordJson(
                    Map.of(
                            Objective.class,
                            SpecJson::presetWithChanges,
                            Device.class,
                            SpecJson::deviceInFull));

    /// A chat template is a built-in one or a file.
    private static final String TEMPLATE = "data.template";

    /// Paths inside a spec that name files; relative ones hold from the spec's own folder.
    private static final List<String> FILES = files();

    private static final ReferenceModel REFERENCE_OF_THE_NEXT_STAGE =
            new ReferenceModel(ReferenceModel.Kind.START, null, ReferenceModel.Cache.AUTO);

    private SpecJson() {}

    private static List<String> files() {
        List<String> files = new ArrayList<>();
        for (RecordComponent section : RunSpec.class.getRecordComponents()) {
            RecordComponent[] settings = section.getType().getRecordComponents();
            for (RecordComponent setting : settings == null ? new RecordComponent[0] : settings) {
                Parameter parameter = Settings.parameter(setting);
                if (parameter != null && parameter.place() != Parameter.Place.NONE) {
                    files.add(section.getName() + "." + setting.getName());
                }
            }
        }
        return List.copyOf(files);
    }

    /// Reads a spec file, applies `path=value` changes, and makes its file paths absolute: those of
    /// the file relative to the file's folder, those of the changes relative to the working
    /// directory.
    ///
    /// @throws Problem bad request: with file, path in the spec, the value seen and what is known
    public static RunSpec read(Path file, List<String> changes) {
        ObjectNode tree = readTree(file);
        resolveFiles(tree, folder(file));
        for (String change : changes) {
            change(tree, change);
        }
        resolveFiles(tree, Path.of("").toAbsolutePath());
        return inFile(file, () -> fromTree(tree));
    }

    /// The spec that a tree says, its file paths relative to a folder.
    public static RunSpec fromTree(ObjectNode tree, Path folder) {
        ObjectNode resolved = tree.deepCopy();
        resolveFiles(resolved, folder);
        return fromTree(resolved);
    }

    /// The folder that paths in a file are relative to.
    public static Path folder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? Path.of("/") : folder;
    }

    /// The spec with `path=value` changes, file paths in them relative to the working directory.
    public static RunSpec changed(RunSpec spec, List<String> changes) {
        return changed(spec, changes, Path.of("").toAbsolutePath());
    }

    /// The same with file paths in the changes relative to a folder.
    public static RunSpec changed(RunSpec spec, List<String> changes, Path folder) {
        ObjectNode tree = toTree(spec);
        for (String change : changes) {
            change(tree, change);
        }
        resolveFiles(tree, folder);
        return fromTree(tree);
    }

    /// The data that these settings say, with `data.…=value` changes.
    ///
    /// @throws Problem bad request: where they make none, or a change is of something else
    public static RunSpec.Data data(ObjectNode settings, List<String> changes) {
        ObjectNode tree = JSON.createObjectNode();
        tree.set("data", settings);
        for (String change : changes) {
            if (!change.startsWith("data.")) {
                throw Problem.badRequest(
                        "--set " + change + " is no setting of the data.",
                        "Only what begins with data. can be set here.");
            }
            change(tree, change);
        }
        return (RunSpec.Data) RECORDS.read(RunSpec.Data.class, tree.get("data"), "data");
    }

    /// The spec with another number at a path.
    ///
    /// @throws Problem bad request: where there is no number at that path, or not that number
    public static RunSpec withNumber(RunSpec spec, String path, double value) {
        number(spec, path);
        ObjectNode tree = toTree(spec);
        change(tree, path + "=" + Settings.number(value));
        return fromTree(tree);
    }

    /// The number at a path such as `objective.anchor.weight`.
    ///
    /// @throws Problem bad request: where there is none
    public static double number(RunSpec spec, String path) {
        JsonNode node = toTree(spec);
        for (String key : path.split("\\.", -1)) {
            node = node.path(key);
        }
        if (!node.isNumber()) {
            throw Problem.badRequest(
                    path + " is no number in this spec.", "Look for the path in spec.json.");
        }
        return node.doubleValue();
    }

    /// The run that a spec's `then` asks for: the same spec with what differs laid over it, and an
    /// objective of its own where the stage is another. Unless it says otherwise, it measures
    /// against what the first run leaves, not against the model below its adapter.
    ///
    /// @param adapter where the first run leaves the adapter it trained
    /// @param model where it leaves the model, if it trains that
    /// @return null where nothing follows
    public static @Nullable RunSpec next(RunSpec spec, Path adapter, Path model) {
        if (spec.then() == null) {
            return null;
        }
        ObjectNode changes = JSON.valueToTree(spec.then());
        ObjectNode tree = toTree(spec);
        tree.remove("then");
        if (changes.has("stage") || changes.has("objective")) {
            tree.remove("objective");
        }
        tree.put("name", spec.name() + "-" + changes.path("stage").asString("next"));
        ObjectNode start = (ObjectNode) tree.get("model");
        switch (spec.adapter()) {
            case Adapter.Lora _ -> {
                start.put("adapterPath", adapter.toString());
                if (spec.reference().kind() == ReferenceModel.Kind.ADAPTER_DISABLED) {
                    tree.set("reference", RECORDS.write(REFERENCE_OF_THE_NEXT_STAGE));
                }
            }
            case Adapter.Full() -> {
                start.put("path", model.toString());
                start.putNull("config");
                start.putNull("tokenizerPath");
            }
        }
        overlay(tree, changes);
        try {
            RunSpec next = fromTree(tree);
            if (spec.adapter() instanceof Adapter.Lora && next.adapter() instanceof Adapter.Full) {
                throw Problem.badRequest(
                        "adapter.kind is \"full\", but the first stage leaves an adapter.",
                        "Train both stages with adapters, or both in full.");
            }
            return next;
        } catch (Problem problem) {
            throw Problem.badRequest("then: " + problem.what(), problem.remedy(), problem);
        }
    }

    /// The spec that a tree says.
    public static RunSpec fromTree(ObjectNode tree) {
        ObjectNode whole = tree.deepCopy();
        if (!whole.has("objective")) {
            whole.put("objective", defaultPreset(whole));
        }
        return (RunSpec) RECORDS.read(RunSpec.class, whole, "");
    }

    /// The whole spec, every default written out.
    public static ObjectNode toTree(RunSpec spec) {
        return (ObjectNode) RECORDS.write(spec);
    }

    /// The objective that a tree says: a preset's name, a preset and what differs, or a
    /// composition.
    public static Objective objective(JsonNode tree) {
        return (Objective) RECORDS.read(Objective.class, tree, "objective");
    }

    public static ObjectNode toTree(Objective objective) {
        return (ObjectNode) RECORDS.write(objective);
    }

    /// A kind of a page of choices, every default written out.
    ///
    /// @param page a sealed page such as [dev.slimelab.engine.objective.Contrast]
    /// @param kind its word, such as `log-sigmoid`
    public static ObjectNode toTree(Class<?> page, String kind) {
        JsonNode word = JSON.getNodeFactory().stringNode(kind);
        return (ObjectNode) RECORDS.write(RECORDS.read(page, word, kind));
    }

    /// The spec as indented text, ending in a newline, with every default and with absolute paths.
    public static String text(RunSpec spec) {
        return text(toTree(spec));
    }

    /// The same, with file paths relative to the folder that the text will stand in, so that both
    /// can be moved together.
    public static String text(RunSpec spec, Path folder) {
        ObjectNode tree = toTree(spec);
        Path from = folder.toAbsolutePath().normalize();
        rewriteFiles(tree, path -> relative(from, Path.of(path)));
        return text(tree);
    }

    private static String text(ObjectNode tree) {
        return SpecText.write(tree, SpecText.Format.JSON);
    }

    /// With forward slashes on every system; absolute where there is no way from one to the other.
    private static String relative(Path from, Path to) {
        boolean related = to.isAbsolute() && Objects.equals(from.getRoot(), to.getRoot());
        return (related ? from.relativize(to) : to).toString().replace('\\', '/');
    }

    /// Reads a file's JSON object, or what says the same in YAML, without interpreting it.
    ///
    /// @throws Problem bad request: with file and line where it is not one
    public static ObjectNode readTree(Path file) {
        return tree(file, SpecText.Format.of(file));
    }

    static ObjectNode tree(Path file, SpecText.Format format) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw Problem.badRequest(
                    file
                            + " cannot be read"
                            + (Files.exists(file)
                                    ? ": " + e.getMessage() + "."
                                    : ": there is no such file."),
                    "Check the path.",
                    e);
        }
        return switch (SpecText.read(text, format)) {
            case SpecText.Understood understood -> understood.tree();
            case SpecText.NotUnderstood(int line, String why, String remedy) ->
                    throw Problem.badRequest(
                            file + (line > 0 ? ":" + line : "") + " " + why + ".", remedy);
        };
    }

    /// Sets one value, written `objective.stabiliser.p=2.0`; the value is JSON, or a bare word.
    static void change(ObjectNode tree, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw Problem.badRequest(
                    "--set " + assignment + " has no value.",
                    "Write it as --set objective.stabiliser.p=2.0.");
        }
        String[] path = assignment.substring(0, equals).split("\\.", -1);
        ObjectNode node = tree;
        for (String key : Arrays.copyOf(path, path.length - 1)) {
            JsonNode child = node.get(key);
            if (key.equals("objective") && (child == null || child.isString())) {
                String preset = child == null ? defaultPreset(tree) : child.stringValue();
                child = node.putObject(key).put("preset", preset);
            }
            node = child instanceof ObjectNode object ? object : node.putObject(key);
        }
        node.set(path[path.length - 1], value(assignment.substring(equals + 1)));
    }

    private static JsonNode value(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException _) {
            return JSON.getNodeFactory().stringNode(text);
        }
    }

    private static String defaultPreset(ObjectNode spec) {
        String stage = spec.path("stage").asString(Stage.PREFERENCE.word());
        return stage.equals(Stage.PREFERENCE.word()) ? Preset.SLIME.id() : Preset.SFT.id();
    }

    /// Replaces `"slime"` or `{ "preset": "slime", … }` by the preset's whole composition with the
    /// changes laid over it.
    private static JsonNode presetWithChanges(JsonNode tree, String path) {
        JsonNode named = tree.isString() ? tree : tree.get("preset");
        if (named == null) {
            return tree;
        }
        Preset preset =
                Arrays.stream(Preset.values())
                        .filter(known -> known.id().equals(named.asString()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        RecordJson.unknown(
                                                path + (tree.isString() ? "" : ".preset"),
                                                named.asString(),
                                                Arrays.stream(Preset.values())
                                                        .map(Preset::id)
                                                        .toList()));
        ObjectNode whole = toTree(preset.objective());
        if (tree instanceof ObjectNode changes) {
            overlay(whole, changes.deepCopy().without("preset"));
        }
        return whole;
    }

    /// Lays `changes` over `base`: objects are merged, unless they are of another kind; everything
    /// else is replaced. A device is a word, as `--device` takes it, or the object of its kind.
    private static JsonNode deviceInFull(JsonNode tree, String path) {
        return tree.isString() ? RECORDS.write(Device.parse(tree.stringValue(), path)) : tree;
    }

    private static void overlay(ObjectNode base, ObjectNode changes) {
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            boolean sameKind =
                    !change.getValue().has("kind")
                            || change.getValue()
                                    .get("kind")
                                    .equals(base.path(change.getKey()).get("kind"));
            if (base.get(change.getKey()) instanceof ObjectNode below
                    && change.getValue() instanceof ObjectNode above
                    && sameKind) {
                overlay(below, above);
            } else {
                base.set(change.getKey(), change.getValue());
            }
        }
    }

    static void resolveFiles(ObjectNode tree, Path folder) {
        rewriteFiles(tree, path -> folder.resolve(path).normalize().toString());
    }

    private static void rewriteFiles(ObjectNode tree, UnaryOperator<String> rewrite) {
        for (String path : FILES) {
            String[] keys = path.split("\\.", -1);
            if (tree.get(keys[0]) instanceof ObjectNode section
                    && section.path(keys[1]).isString()) {
                String value = section.get(keys[1]).stringValue();
                if (!path.equals(TEMPLATE) || value.endsWith(".jinja")) {
                    section.put(keys[1], rewrite.apply(value));
                }
            }
        }
        if (tree.get("then") instanceof ObjectNode next) {
            rewriteFiles(next, rewrite);
        }
    }

    private static RunSpec inFile(Path file, Supplier<RunSpec> reading) {
        try {
            return reading.get();
        } catch (Problem problem) {
            throw Problem.badRequest(file + ": " + problem.what(), problem.remedy(), problem);
        }
    }

    /// The values that differ between specs, by path: what a reader of several curves wants to see
    /// first.
    ///
    /// @return path → one value per spec, null where a spec has none
    public static Map<String, List<@Nullable String>> differences(List<RunSpec> specs) {
        List<Map<String, String>> flat = specs.stream().map(SpecJson::values).toList();
        Map<String, List<@Nullable String>> differences = new LinkedHashMap<>();
        for (Map<String, String> values : flat) {
            for (String path : values.keySet()) {
                List<@Nullable String> row =
                        Arrays.asList(
                                flat.stream().map(other -> other.get(path)).toArray(String[]::new));
                if (row.stream().distinct().count() > 1) {
                    differences.put(path, row);
                }
            }
        }
        return differences;
    }

    /// Every value of a spec by its path, such as `objective.anchor.weight`, in the spec's order.
    public static Map<String, String> values(RunSpec spec) {
        Map<String, String> values = new LinkedHashMap<>();
        flatten(toTree(spec), "", values);
        return values;
    }

    /// The path of a spec, of a value or of a group of values, with the fewest edits to `path`.
    public static String nearestPath(RunSpec spec, String path) {
        Set<String> known = new LinkedHashSet<>();
        for (String value : values(spec).keySet()) {
            for (int dot = value.indexOf('.'); dot >= 0; dot = value.indexOf('.', dot + 1)) {
                known.add(value.substring(0, dot));
            }
            known.add(value);
        }
        return Nearest.to(path, known);
    }

    private static void flatten(JsonNode node, String path, Map<String, String> into) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                flatten(
                        entry.getValue(),
                        path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                        into);
            }
        } else {
            into.put(path, node.isString() ? node.stringValue() : node.toString());
        }
    }
}
