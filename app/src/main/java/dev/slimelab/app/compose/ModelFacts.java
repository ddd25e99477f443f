package dev.slimelab.app.compose;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the engine says of a model before it is opened, as `slimelab model --json` writes it.
///
/// @param stored numbers in the weight files by their type, such as `BF16`
/// @param memory null where no run is known, only a folder
record ModelFacts(
        String family,
        int layers,
        int hiddenSize,
        int heads,
        int keyValueHeads,
        int vocabulary,
        int positions,
        long parameters,
        Map<String, Long> stored,
        long storedBytes,
        @Nullable Memory memory) {
    /// Bytes of a run that follow from parameters alone.
    ///
    /// @param parameters how many are trained
    record Memory(
            String precision,
            long parameters,
            double weights,
            double trained,
            double gradients,
            double optimizer,
            double total) {}

    /// A name, a value and its unit.
    record Line(String name, String value, String unit) {}

    static ModelFacts read(String text) {
        try {
            JsonNode page = JsonMapper.shared().readTree(text);
            Map<String, Long> stored = new TreeMap<>();
            page.get("stored")
                    .properties()
                    .forEach(type -> stored.put(type.getKey(), type.getValue().longValue()));
            JsonNode bytes = page.get("memoryBytes");
            return new ModelFacts(
                    page.get("family").stringValue(),
                    page.get("layers").intValue(),
                    page.get("hiddenSize").intValue(),
                    page.get("heads").intValue(),
                    page.get("keyValueHeads").intValue(),
                    page.get("vocabulary").intValue(),
                    page.get("positions").intValue(),
                    page.get("parameters").longValue(),
                    stored,
                    page.get("storedBytes").longValue(),
                    bytes == null
                            ? null
                            : new Memory(
                                    page.get("precision").stringValue(),
                                    page.get("trainedParameters").longValue(),
                                    bytes.get("weights").doubleValue(),
                                    bytes.get("trained").doubleValue(),
                                    bytes.get("gradients").doubleValue(),
                                    bytes.get("optimizer").doubleValue(),
                                    bytes.get("total").doubleValue()));
        } catch (JacksonException | NullPointerException e) {
            throw Problem.failed(
                    "The model's numbers cannot be read: " + e.getMessage() + ".", "Try again.", e);
        }
    }

    /// What the model is made of.
    List<Line> model() {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("Family", family, ""));
        lines.add(count("Parameters", parameters));
        lines.add(count("Layers", layers));
        lines.add(count("Hidden size", hiddenSize));
        lines.add(
                keyValueHeads == heads
                        ? count("Heads", heads)
                        : new Line(
                                "Heads",
                                Numbers.fixed(heads, 0)
                                        + " for queries, "
                                        + Numbers.fixed(keyValueHeads, 0)
                                        + " for keys",
                                ""));
        lines.add(count("Vocabulary", vocabulary));
        lines.add(new Line("Longest row", Numbers.fixed(positions, 0), "tokens"));
        lines.add(
                stored.isEmpty()
                        ? new Line("Files", "none, random weights", "")
                        : bytes("Files, " + types(), (double) storedBytes));
        return lines;
    }

    private String types() {
        return String.join(" and ", stored.keySet().stream().map(ModelFacts::type).toList());
    }

    private static String type(String stored) {
        return switch (stored) {
            case "F16" -> "fp16";
            case "F32" -> "fp32";
            case "F64" -> "fp64";
            default -> stored.toLowerCase(java.util.Locale.ROOT);
        };
    }

    /// What a run of it keeps in memory; empty where no run is known.
    static List<Line> lines(@Nullable Memory memory) {
        if (memory == null) {
            return List.of();
        }
        List<Line> lines = new ArrayList<>();
        if (memory.weights > 0) {
            lines.add(bytes("Frozen weights, " + memory.precision, memory.weights));
        }
        lines.add(bytes("Trained, " + Numbers.compact((double) memory.parameters), memory.trained));
        lines.add(bytes("Gradients", memory.gradients));
        lines.add(bytes("AdamW", memory.optimizer));
        lines.add(bytes("Together", memory.total));
        return lines;
    }

    private static Line count(String name, long value) {
        return new Line(name, Numbers.fixed((double) value, 0), "");
    }

    private static Line bytes(String name, double value) {
        String text = Numbers.bytes(value);
        int space = text.indexOf(Numbers.NARROW_SPACE);
        return new Line(name, text.substring(0, space), text.substring(space + 1));
    }
}
