package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.generate.TextModel;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.train.ModelSource.State;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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

    /// Opens what a run has trained, or a Hugging Face folder. A run's conversations are written
    /// with the template that it was trained with.
    ///
    /// @param adapter a PEFT folder to use instead of the run's, or with the folder's model
    /// @throws Problem where a folder is neither, a run has no such state, or something does not
    ///   fit
    public TextModel open(ModelSource source, @Nullable Path adapter) {
        RunDirectory run = new RunDirectory(source.folder());
        if (Files.isRegularFile(run.spec())) {
            return openRun(run, source.state(), adapter);
        }
        if (!Files.isRegularFile(source.folder().resolve("config.json"))) {
            throw Problem.badRequest(
                    source.folder()
                            + " is neither a run (it has no spec.json) nor a model (it has no"
                            + " config.json).",
                    "Name a run directory, with @base or @STEP behind it for another state than"
                            + " the newest, or a Hugging Face folder.");
        }
        if (!(source.state() instanceof State.Newest)) {
            throw Problem.badRequest(
                    source.folder() + " is a model and no run, so it has no other states.",
                    "Leave out what follows the @.");
        }
        return open(BaseModel.folder(source.folder(), Precision.FP32), adapter, null);
    }

    private TextModel openRun(RunDirectory run, State state, @Nullable Path otherAdapter) {
        RunSpec spec = run.readSpec();
        BaseModel base = BaseModel.of(spec);
        String template = spec.data().template();
        Path result =
                switch (state) {
                    case State.Base() -> null;
                    case State.Step(int step) -> checkpoint(run, step);
                    case State.Newest() -> newest(run);
                };
        if (result != null && result.endsWith("model")) {
            return open(base.trained(result), otherAdapter, template);
        }
        if (state instanceof State.Step && otherAdapter != null) {
            throw Problem.badRequest(
                    "Both a checkpoint of %s, which is an adapter, and the adapter %s are given."
                            .formatted(run.path(), otherAdapter),
                    "Give one of them, or @base and the adapter.");
        }
        return open(base, otherAdapter == null ? result : otherAdapter, template);
    }

    private static Path checkpoint(RunDirectory run, int step) {
        List<Checkpoint> all = run.checkpoints().all();
        return all.stream()
                .filter(checkpoint -> checkpoint.step() == step)
                .flatMap(checkpoint -> trained(checkpoint.path()))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "%s has no checkpoint of step %d."
                                                .formatted(run.path(), step),
                                        all.isEmpty()
                                                ? "It has none at all; ask a run for them with checkpoint.everySteps."
                                                : "It has checkpoints of the steps %s."
                                                        .formatted(steps(all))));
    }

    private static String steps(List<Checkpoint> checkpoints) {
        return checkpoints.stream()
                .map(checkpoint -> Integer.toString(checkpoint.step()))
                .collect(Collectors.joining(", "));
    }

    private static Path newest(RunDirectory run) {
        return Stream.concat(
                        Stream.of(run.path()),
                        run.checkpoints().all().reversed().stream().map(Checkpoint::path))
                .flatMap(OpenModels::trained)
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "The run "
                                                + run.path()
                                                + " has no model, adapter or checkpoint.",
                                        "Wait for its end, train it again, or take what it starts"
                                                + " from, with @base behind its name."));
    }

    /// The folder `model` or `adapter` in a run or a checkpoint, where there is one.
    private static Stream<Path> trained(Path folder) {
        return Stream.of(folder.resolve("model"), folder.resolve("adapter"))
                .filter(Files::isDirectory);
    }

    /// @param template as in a spec; null for the tokenizer's own
    private TextModel open(BaseModel model, @Nullable Path adapter, @Nullable String template) {
        Tokenizer tokenizer =
                tokenizers.computeIfAbsent(
                        model.tokenizerFolder().toAbsolutePath().normalize(), Tokenizer::load);
        LanguageModel base =
                bases.computeIfAbsent(key(model), key -> key.open(torch, Training.FROZEN));
        if (adapter == null) {
            return new TextModel(base, tokenizer, template);
        }
        Lora lora = Lora.load(base, adapter);
        adapters.add(lora);
        return new TextModel(base.with(lora), tokenizer, template);
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
