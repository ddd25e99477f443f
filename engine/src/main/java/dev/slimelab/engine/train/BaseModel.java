package dev.slimelab.engine.train;

import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.ModelFacts;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The model that a run starts from, before any adapter. Equal ones have equal weights.
///
/// @param seed of random weights
record BaseModel(RunSpec.Model model, long seed) {
    private static final List<String> COMPANIONS =
            List.of(
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "chat_template.jinja",
                    "generation_config.json");

    static BaseModel of(RunSpec spec) {
        return new BaseModel(spec.model(), spec.seeds().initialization());
    }

    /// A Hugging Face folder.
    static BaseModel folder(Path folder, dev.slimelab.engine.spec.Precision precision) {
        return new BaseModel(new RunSpec.Model(folder.toString(), null, null, null, precision), 0);
    }

    /// What this model has become after training in full.
    ///
    /// @param weights a checkpoint's Hugging Face folder, which has no tokenizer of its own
    BaseModel trained(Path weights) {
        return new BaseModel(
                new RunSpec.Model(
                        weights.toString(),
                        null,
                        tokenizerFolder().toString(),
                        null,
                        model.precision()),
                0);
    }

    LanguageModel open(Torch torch, LanguageModel.Training training) {
        if (model.path() != null) {
            return LanguageModel.open(torch, Path.of(model.path()), precision(), training);
        }
        return LanguageModel.initialize(
                torch,
                config(),
                new Initialization(seed, Initialization.Residual.SCALED),
                precision(),
                training);
    }

    /// What there is to know before it is opened.
    ///
    /// @param adapter what is trained of it; null: everything
    ModelFacts facts(@Nullable LoraSettings adapter) {
        return model.path() == null
                ? ModelFacts.of(config(), adapter)
                : ModelFacts.of(Path.of(model.path()), adapter);
    }

    /// Of a model with random weights.
    private ModelConfig config() {
        return ConfigJson.parse("model.config", JsonMapper.shared().valueToTree(model.config()));
    }

    Path tokenizerFolder() {
        String own = model.tokenizerPath();
        String path = own == null ? model.path() : own;
        if (path == null || !Files.isDirectory(Path.of(path))) {
            throw Problem.badRequest(
                    "The folder " + path + " does not exist.",
                    "Correct "
                            + (own == null ? "model.path" : "model.tokenizerPath")
                            + "; a path in a spec is relative to the spec's folder.");
        }
        return Path.of(path);
    }

    /// Copies the files that a folder needs beside weights and configuration, as far as there are.
    void copyTokenizer(Path into) {
        for (String name : COMPANIONS) {
            Path source = tokenizerFolder().resolve(name);
            if (Files.exists(source)) {
                try {
                    Files.copy(source, into.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    Precision precision() {
        return switch (model.precision()) {
            case FP32 -> Precision.FLOAT32;
            case BF16 -> Precision.BFLOAT16;
            case FP64 -> Precision.FLOAT64;
        };
    }
}
