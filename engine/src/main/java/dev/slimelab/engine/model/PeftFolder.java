package dev.slimelab.engine.model;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.problem.Problem;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A LoRA adapter as PEFT stores it (written and read by peft 0.21.0).
final class PeftFolder {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    /// Settings that are refused unless absent, null, false or empty.
    private static final List<String> UNSUPPORTED =
            List.of(
                    "use_dora",
                    "ensure_weight_tying",
                    "lora_bias",
                    "rank_pattern",
                    "alpha_pattern",
                    "layers_to_transform",
                    "layers_pattern",
                    "layer_replication",
                    "exclude_modules",
                    "target_parameters",
                    "trainable_token_indices",
                    "fan_in_fan_out",
                    "use_qalora",
                    "use_bdlora",
                    "alora_invocation_tokens",
                    "arrow_config",
                    "kasa_config",
                    "monteclora_config",
                    "velora_config",
                    "megatron_config");

    private PeftFolder() {}

    static Lora load(LanguageModel model, Path folder, LoraSettings settings) {
        Path weights = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(weights)) {
            throw Problem.badRequest(
                    "The adapter folder %s has no %s.".formatted(folder, WEIGHTS),
                    "Name a PEFT folder with %s and %s.".formatted(CONFIG, WEIGHTS));
        }
        try (Safetensors file = Safetensors.open(weights)) {
            Set<String> unused = new HashSet<>(file.names());
            Lora lora =
                    Lora.build(
                            model,
                            settings,
                            scratch -> {
                                var stored =
                                        new StoredTensors(model.torch().kernels(), scratch, file);
                                return matrix -> {
                                    String name = storedName(file, matrix);
                                    unused.remove(name);
                                    checkShape(file, name, matrix);
                                    return stored.read(name);
                                };
                            });
            if (!unused.isEmpty()) {
                lora.close();
                throw Problem.badRequest(
                        "%s holds tensor %s, which belongs to none of its targets %s."
                                .formatted(
                                        weights,
                                        unused.iterator().next(),
                                        settings.targets().words()),
                        "Use an adapter that was trained for this model.");
            }
            return lora;
        }
    }

    /// An adapter of the text model fits the text half of a multimodal one.
    private static String storedName(Safetensors file, Lora.Matrix matrix) {
        return file.has(matrix.name())
                ? matrix.name()
                : matrix.name().replace(ModelConfig.MULTIMODAL_DECODER, ModelConfig.TEXT_DECODER);
    }

    private static void checkShape(Safetensors file, String name, Lora.Matrix matrix) {
        var shape = List.of(matrix.rows(), matrix.columns());
        Safetensors.Entry entry = file.entry(name);
        if (!entry.shape().equals(shape)) {
            throw Problem.badRequest(
                    "Tensor %s in %s has shape %s, but the model and %s ask for %s."
                            .formatted(name, file.file(), entry.shape(), CONFIG, shape),
                    "Use an adapter that was trained for this model.");
        }
    }

    /// The settings of a PEFT folder.
    ///
    /// @throws Problem naming file and setting for whatever cannot be honoured
    static LoraSettings settings(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw Problem.badRequest(
                    "There is no %s.".formatted(file),
                    "Name a PEFT folder with %s and %s.".formatted(CONFIG, WEIGHTS));
        }
        JsonNode config;
        try {
            config = JSON.readTree(file);
        } catch (JacksonException e) {
            throw Problem.badRequest(
                    "%s is no valid JSON: %s.".formatted(file, e.getOriginalMessage()),
                    "Download or export the adapter again.",
                    e);
        }
        String type = config.path("peft_type").asString("LORA");
        if (!type.equals("LORA")) {
            throw refused(file, "peft_type", type, "Only LORA adapters are supported.");
        }
        String bias = config.path("bias").asString("none");
        if (!bias.equals("none")) {
            throw refused(file, "bias", bias, "Only adapters with bias \"none\" are supported.");
        }
        for (String setting : UNSUPPORTED) {
            JsonNode value = config.path(setting);
            boolean off =
                    value.isMissingNode()
                            || value.isNull()
                            || (value.isBoolean() && !value.asBoolean())
                            || (value.isContainer() && value.isEmpty());
            if (!off) {
                throw refused(file, setting, value.toString(), "Train the adapter without it.");
            }
        }
        JsonNode r = config.path("r");
        JsonNode alpha = config.path("lora_alpha");
        if (!r.isInt() || !alpha.isNumber()) {
            throw refused(
                    file,
                    r.isInt() ? "lora_alpha" : "r",
                    (r.isInt() ? alpha : r).toString(),
                    "It must be a number.");
        }
        return new LoraSettings(
                r.asInt(),
                alpha.asDouble(),
                config.path("use_rslora").asBoolean(false),
                config.path("lora_dropout").asDouble(0),
                targets(file, config.path("target_modules")),
                strings(file, "modules_to_save", config.path("modules_to_save")));
    }

    private static Targets targets(Path file, JsonNode modules) {
        if (modules.isString()) {
            return modules.asString().equals("all-linear")
                    ? Targets.everywhere()
                    : Targets.matching(modules.asString());
        }
        return new Targets(strings(file, "target_modules", modules), null);
    }

    private static List<String> strings(Path file, String setting, JsonNode list) {
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray() || !list.valueStream().allMatch(JsonNode::isString)) {
            throw refused(file, setting, list.toString(), "It must be a list of names.");
        }
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private static Problem refused(Path file, String setting, String seen, String remedy) {
        return Problem.badRequest(
                "In %s, %s is %s, which is not supported.".formatted(file, setting, seen), remedy);
    }

    /// Whether a folder holds an adapter.
    static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /// The file of the adapter's values.
    static Path weights(Path folder) {
        return folder.resolve(WEIGHTS);
    }

    static void save(Lora lora, Path folder) {
        Map<String, Safetensors.Content> tensors = new LinkedHashMap<>();
        for (Parameter parameter : lora.parameters()) {
            tensors.put(parameter.name(), Tensors.content(lora.kernels(), parameter.value()));
        }
        save(lora.settings(), tensors, folder);
    }

    static void save(LoraSettings settings, Map<String, Safetensors.Content> tensors, Path folder) {
        Safetensors.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
        AtomicFile.write(
                folder.resolve(CONFIG), config(settings).toPrettyString() + System.lineSeparator());
    }

    private static ObjectNode config(LoraSettings settings) {
        ObjectNode json = JSON.createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.putNull("base_model_name_or_path");
        json.put("r", settings.r());
        if (settings.alpha() == Math.rint(settings.alpha())) {
            json.put("lora_alpha", (long) settings.alpha());
        } else {
            json.put("lora_alpha", settings.alpha());
        }
        json.put("lora_dropout", settings.dropout());
        json.put("use_rslora", settings.rankStabilised());
        json.put("use_dora", false);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("init_lora_weights", true);
        json.put("inference_mode", true);
        if (settings.modulesToSave().isEmpty()) {
            json.putNull("modules_to_save");
        } else {
            settings.modulesToSave().forEach(json.putArray("modules_to_save")::add);
        }
        if (settings.targets().pattern() == null) {
            settings.targets().names().forEach(json.putArray("target_modules")::add);
        } else {
            json.put("target_modules", settings.targets().pattern());
        }
        return json;
    }
}
