package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Models opened for reading and writing text: Hugging Face folders, and what runs have trained.
///
/// Adapters on the same base share its weights, however many are opened.
public final class OpenModels implements AutoCloseable {
    private final Torch torch;
    private final @Nullable Precision precision;
    private final Map<BaseModel, LanguageModel> bases = new HashMap<>();
    private final Map<Path, Tokenizer> tokenizers = new HashMap<>();
    private final List<Lora> adapters = new ArrayList<>();

    /// @param precision of weights and arithmetic; null for that of the run, and fp32 where a
    ///   folder is no run
    public OpenModels(Torch torch, @Nullable Precision precision) {
        this.torch = torch;
        this.precision = precision;
    }

    /// Opens a run directory, with its final result or else its newest checkpoint, or a Hugging
    /// Face folder.
    ///
    /// @param adapter a PEFT folder to use instead of the run's, or with the folder's model
    /// @throws Problem where a folder is neither, a run has no result yet, or something does not
    ///   fit
    public TextModel open(Path folder, @Nullable Path adapter) {
        RunDirectory run = new RunDirectory(folder);
        if (Files.isRegularFile(run.spec())) {
            return openRun(run, adapter);
        }
        if (!Files.isRegularFile(folder.resolve("config.json"))) {
            throw Problem.badRequest(
                    folder
                            + " is neither a run (it has no spec.json) nor a model (it has no"
                            + " config.json).",
                    "Name a run directory or a Hugging Face folder.");
        }
        return open(BaseModel.folder(folder, Precision.FP32), adapter);
    }

    private TextModel openRun(RunDirectory run, @Nullable Path otherAdapter) {
        BaseModel base = BaseModel.of(run.readSpec());
        Path result = result(run);
        if (result.endsWith("model")) {
            return open(BaseModel.folder(result, base.model().precision()), otherAdapter);
        }
        return open(base, otherAdapter == null ? result : otherAdapter);
    }

    /// The folder `model` or `adapter` of a run, or of its newest checkpoint.
    private static Path result(RunDirectory run) {
        return Stream.concat(Stream.of(run.path()), checkpoints(run).stream())
                .flatMap(folder -> Stream.of(folder.resolve("model"), folder.resolve("adapter")))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "The run "
                                                + run.path()
                                                + " has no model, adapter or checkpoint.",
                                        "Wait for its end, or train it again."));
    }

    /// The newest first.
    private static List<Path> checkpoints(RunDirectory run) {
        Path folder = run.path().resolve("checkpoints");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> child.getFileName().toString().startsWith("step-"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TextModel open(BaseModel model, @Nullable Path adapter) {
        Tokenizer tokenizer =
                tokenizers.computeIfAbsent(
                        model.tokenizerFolder().toAbsolutePath().normalize(), Tokenizer::load);
        LanguageModel base =
                bases.computeIfAbsent(key(model), key -> key.open(torch, Training.FROZEN));
        if (adapter == null) {
            return new TextModel(base, tokenizer);
        }
        Lora lora = Lora.load(base, adapter);
        adapters.add(lora);
        return new TextModel(base.with(lora), tokenizer);
    }

    /// The same base, stripped of all that does not decide its weights.
    private BaseModel key(BaseModel base) {
        RunSpec.Model model = base.model();
        Precision used = Objects.requireNonNullElse(precision, model.precision());
        return model.path() == null
                ? new BaseModel(
                        new RunSpec.Model(null, model.config(), model.tokenizerPath(), null, used),
                        base.seed())
                : BaseModel.folder(Path.of(model.path()).toAbsolutePath().normalize(), used);
    }

    @Override
    public void close() {
        adapters.forEach(Lora::close);
        bases.values().forEach(LanguageModel::close);
        tokenizers.values().forEach(Tokenizer::close);
    }
}
