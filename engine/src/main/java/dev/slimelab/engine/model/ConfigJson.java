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
import java.util.Map;
import java.util.stream.Collectors;

/// Reads and writes a model's `config.json` as transformers does, in the layouts of its versions 4
/// and 5 (see [RopeSettings]).
///
/// Of a multimodal checkpoint the text half is read; what is written is a text model.
public final class ConfigJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// What multimodal files say at the top and mean for the text half too.
    private static final List<String> SHARED =
            List.of("bos_token_id", "eos_token_id", "pad_token_id", "tie_word_embeddings");

    /// What transformers assumes for settings that `config.json` leaves out, in most families.
    private static final Map<String, Object> DEFAULTS =
            Map.of(
                    "rms_norm_eps",
                    1e-6,
                    "rope_theta",
                    1e4,
                    "tie_word_embeddings",
                    false,
                    "initializer_range",
                    0.02,
                    "max_position_embeddings",
                    2048);

    private ConfigJson() {}

    /// Reads `config.json` of a model folder.
    public static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw Problem.badRequest(
                    "The model folder %s has no config.json.".formatted(folder),
                    "Name a Hugging Face model folder with config.json and safetensors files.");
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
        if (!(config instanceof ObjectNode object)) {
            throw Problem.badRequest(
                    "%s is no JSON object.".formatted(source), "Give the settings as one object.");
        }
        String type = object.path("model_type").asString("");
        for (ModelFamily family : ModelFamily.all()) {
            if (family.modelType().equals(type)) {
                return parse(source, family, object, ModelConfig.TEXT_DECODER);
            }
            if (type.equals(family.multimodalType())) {
                return parse(
                        source, family, textHalf(source, object), ModelConfig.MULTIMODAL_DECODER);
            }
        }
        throw Problem.badRequest(
                "In %s, model_type is %s."
                        .formatted(source, type.isEmpty() ? "missing" : "\"" + type + "\""),
                "Use a model of one of these families: %s.".formatted(known()));
    }

    private static String known() {
        return ModelFamily.all().stream()
                .map(ModelFamily::modelType)
                .collect(Collectors.joining(", "));
    }

    private static ObjectNode textHalf(String source, ObjectNode whole) {
        if (!(whole.get("text_config") instanceof ObjectNode text)) {
            throw Problem.badRequest(
                    "In %s, text_config is missing.".formatted(source),
                    "Use the config.json that belongs to the checkpoint.");
        }
        ObjectNode half = text.deepCopy();
        for (String setting : SHARED) {
            if (whole.hasNonNull(setting)) {
                half.set(setting, whole.get(setting));
            }
        }
        if (whole.has("quantization_config")) {
            half.set("quantization_config", whole.get("quantization_config"));
        }
        return half;
    }

    private static ModelConfig parse(
            String source, ModelFamily family, ObjectNode json, String decoderPath) {
        ObjectNode defaults = JSON.valueToTree(DEFAULTS);
        defaults.setAll((ObjectNode) JSON.valueToTree(family.defaults()));
        var config = new ConfigReader(source, defaults.setAll(json));
        family.fixedSettings().forEach(config::mustEqual);
        family.absentSettings().forEach(config::mustBeAbsent);
        if (!config.get("quantization_config").isMissingNode()) {
            throw config.refused(
                    "quantization_config",
                    "present",
                    "Use the unquantised model; quantised weights are not supported.");
        }
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headDim = config.integer("head_dim", hidden / heads);
        return new ModelConfig(
                family,
                decoderPath,
                config.integer("vocab_size"),
                hidden,
                config.integer("intermediate_size"),
                family.attention(config),
                heads,
                config.integer("num_key_value_heads", heads),
                headDim,
                family.block().scoreScalar() ? config.integer("query_pre_attn_scalar") : headDim,
                config.number("rms_norm_eps"),
                config.flag("tie_word_embeddings"),
                config.number("initializer_range"),
                config.integer("max_position_embeddings"),
                specialTokens(config));
    }

    private static SpecialTokens specialTokens(ConfigReader config) {
        var end = new ArrayList<Integer>();
        JsonNode eos = config.get("eos_token_id");
        if (eos.isArray()) {
            eos.forEach(id -> end.add(id.asInt()));
        } else if (eos.isInt()) {
            end.add(eos.asInt());
        }
        return new SpecialTokens(token(config, "bos_token_id"), end, token(config, "pad_token_id"));
    }

    private static @Nullable Integer token(ConfigReader config, String setting) {
        JsonNode id = config.get(setting);
        return id.isInt() ? id.asInt() : null;
    }

    /// The configuration as transformers reads it.
    ///
    /// @param dtype of the tensors beside it, such as `float32`
    public static ObjectNode write(ModelConfig config, String dtype) {
        ModelFamily family = config.family();
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(family.architecture());
        json.put("model_type", family.modelType());
        json.put("vocab_size", config.vocabSize());
        json.put("hidden_size", config.hiddenSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("head_dim", config.headDim());
        if (family.block().scoreScalar()) {
            json.put("query_pre_attn_scalar", config.scoreScalar());
        }
        json.put("max_position_embeddings", config.maxPositions());
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("initializer_range", config.initializerRange());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        family.fixedSettings()
                .forEach((setting, value) -> json.set(setting, JSON.valueToTree(value)));
        family.writeAttention(json, config);
        writeTokens(json, config.specialTokens());
        json.put("dtype", dtype);
        return json;
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
