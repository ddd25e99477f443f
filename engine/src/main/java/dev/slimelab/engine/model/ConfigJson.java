package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads and writes a model's `config.json` as transformers does.
///
/// Understands both layouts of the rotary settings: `rope_parameters` (transformers 5) and
/// `rope_theta` with `rope_scaling` (4 and older). Writes the newer one and `rope_theta` beside it,
/// so that either finds what it looks for.
public final class ConfigJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> PLAIN = Set.of("default");

    private final String source;
    private final JsonNode config;

    private ConfigJson(String source, JsonNode config) {
        this.source = source;
        this.config = config;
    }

    /// Reads `config.json` of a model folder.
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw Problem.badRequest(
                    "The model folder %s has no config.json.".formatted(folder),
                    "Name a Hugging Face model folder with config.json and model.safetensors.");
        }
        try {
            return parse(file.toString(), JSON.readTree(file));
        } catch (JacksonException e) {
            throw Problem.badRequest(
                    "%s is no valid JSON: %s.".formatted(file, e.getOriginalMessage()),
                    "Download or export the model again.",
                    e);
        }
    }

    /// Understands a configuration that was read elsewhere.
    ///
    /// @param source where it comes from, for messages
    public static ModelConfig parse(String source, JsonNode config) {
        return new ConfigJson(source, config).parse();
    }

    private ModelConfig parse() {
        if (!config.isObject()) {
            throw refused("the whole", "no JSON object", "Give the settings as one object.");
        }
        ModelFamily family = family();
        family.fixedSettings().forEach(this::mustEqual);
        if (present(config, "quantization_config")) {
            throw refused(
                    "quantization_config",
                    "present",
                    "Use the unquantised model; quantised weights are not supported.");
        }
        int hidden = integer("hidden_size", null);
        int heads = integer("num_attention_heads", null);
        return new ModelConfig(
                family,
                integer("vocab_size", null),
                hidden,
                integer("intermediate_size", null),
                integer("num_hidden_layers", null),
                heads,
                integer("num_key_value_heads", heads),
                integer("head_dim", heads > 0 ? hidden / heads : 0),
                number(config, "rms_norm_eps", 1e-6),
                rope(),
                flag("tie_word_embeddings"),
                number(config, "initializer_range", 0.02),
                integer("max_position_embeddings", 2048),
                specialTokens());
    }

    private ModelFamily family() {
        String type = config.path("model_type").asString("");
        for (ModelFamily family : ModelFamily.all()) {
            if (family.modelType().equals(type)) {
                return family;
            }
        }
        String known =
                ModelFamily.all().stream()
                        .map(ModelFamily::modelType)
                        .collect(Collectors.joining(", "));
        throw refused(
                "model_type",
                type.isEmpty() ? "missing" : "\"" + type + "\"",
                "Use a model of one of these families: " + known + ".");
    }

    private void mustEqual(String setting, Object only) {
        if (!present(config, setting)) {
            return;
        }
        JsonNode value = config.get(setting);
        boolean same =
                switch (only) {
                    case Number number ->
                            value.isNumber() && value.asDouble() == number.doubleValue();
                    default -> value.equals(JSON.valueToTree(only));
                };
        if (!same) {
            throw refused(
                    setting,
                    value.toString(),
                    "Only %s is supported; choose another model.".formatted(only));
        }
    }

    private Rope rope() {
        boolean newer = present(config, "rope_parameters");
        String where = newer ? "rope_parameters" : "rope_scaling";
        JsonNode settings = config.path(where);
        double theta =
                newer && present(settings, "rope_theta")
                        ? number(settings, "rope_theta", 10_000)
                        : number(config, "rope_theta", 10_000);
        if (!settings.isObject()) {
            return new Rope.Plain(theta);
        }
        // Older files say "type".
        String type =
                settings.path("rope_type").asString(settings.path("type").asString("default"));
        if (PLAIN.contains(type)) {
            return new Rope.Plain(theta);
        }
        if (!type.equals("llama3")) {
            throw refused(
                    where + ".rope_type",
                    "\"" + type + "\"",
                    "Only default and llama3 are supported; choose another model.");
        }
        return new Rope.Llama3(
                theta,
                required(settings, where, "factor"),
                required(settings, where, "low_freq_factor"),
                required(settings, where, "high_freq_factor"),
                required(settings, where, "original_max_position_embeddings"));
    }

    private SpecialTokens specialTokens() {
        var end = new ArrayList<Integer>();
        JsonNode eos = config.path("eos_token_id");
        if (eos.isArray()) {
            eos.forEach(id -> end.add(id.asInt()));
        } else if (eos.isInt()) {
            end.add(eos.asInt());
        }
        return new SpecialTokens(token("bos_token_id"), end, token("pad_token_id"));
    }

    private @Nullable Integer token(String setting) {
        return config.path(setting).isInt() ? config.get(setting).asInt() : null;
    }

    private int integer(String setting, @Nullable Integer absent) {
        if (!present(config, setting)) {
            if (absent == null) {
                throw refused(setting, "missing", "Add it; it is a positive integer.");
            }
            return absent;
        }
        JsonNode value = config.get(setting);
        if (!value.isInt()) {
            throw refused(setting, value.toString(), "It must be a positive integer.");
        }
        return value.asInt();
    }

    private boolean flag(String setting) {
        JsonNode value = config.path(setting);
        if (present(config, setting) && !value.isBoolean()) {
            throw refused(setting, value.toString(), "It must be true or false.");
        }
        return value.asBoolean(false);
    }

    private double required(JsonNode settings, String where, String setting) {
        if (!present(settings, setting)) {
            throw refused(where + "." + setting, "missing", "Add it; llama3 scaling needs it.");
        }
        return number(settings, setting, 0);
    }

    private double number(JsonNode settings, String setting, double absent) {
        if (!present(settings, setting)) {
            return absent;
        }
        JsonNode value = settings.get(setting);
        if (!value.isNumber()) {
            throw refused(setting, value.toString(), "It must be a number.");
        }
        return value.asDouble();
    }

    private static boolean present(JsonNode settings, String setting) {
        JsonNode value = settings.path(setting);
        return !value.isMissingNode() && !value.isNull();
    }

    private Problem refused(String setting, String seen, String remedy) {
        return Problem.badRequest("In %s, %s is %s.".formatted(source, setting, seen), remedy);
    }

    /// The configuration as transformers reads it.
    public static ObjectNode write(ModelConfig config) {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(config.family().architecture());
        json.put("model_type", config.family().modelType());
        json.put("vocab_size", config.vocabSize());
        json.put("hidden_size", config.hiddenSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("head_dim", config.headDim());
        json.put("max_position_embeddings", config.maxPositions());
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("hidden_act", "silu");
        json.put("attention_bias", false);
        json.put("mlp_bias", false);
        json.put("attention_dropout", 0.0);
        json.put("initializer_range", config.initializerRange());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        writeRope(json, config.rope());
        writeTokens(json, config.specialTokens());
        json.put("dtype", "float32");
        return json;
    }

    private static void writeRope(ObjectNode json, Rope rope) {
        json.put("rope_theta", rope.theta());
        ObjectNode parameters = json.putObject("rope_parameters");
        parameters.put("rope_theta", rope.theta());
        switch (rope) {
            case Rope.Plain _ -> parameters.put("rope_type", "default");
            case Rope.Llama3 llama3 -> {
                parameters.put("rope_type", "llama3");
                parameters.put("factor", llama3.factor());
                parameters.put("low_freq_factor", llama3.lowFrequencyFactor());
                parameters.put("high_freq_factor", llama3.highFrequencyFactor());
                parameters.put(
                        "original_max_position_embeddings", (long) llama3.originalMaxPositions());
                json.set("rope_scaling", parameters.deepCopy().without("rope_theta"));
            }
        }
    }

    private static void writeTokens(ObjectNode json, SpecialTokens tokens) {
        json.put("bos_token_id", tokens.begin());
        json.put("pad_token_id", tokens.padding());
        List<Integer> end = tokens.end();
        if (end.size() == 1) {
            json.put("eos_token_id", end.getFirst());
        } else if (end.isEmpty()) {
            json.putNull("eos_token_id");
        } else {
            var ids = json.putArray("eos_token_id");
            end.forEach(ids::add);
        }
    }
}
