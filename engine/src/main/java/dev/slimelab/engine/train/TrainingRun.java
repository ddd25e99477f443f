package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.Projection;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.RunSpec.Adapter;
import dev.slimelab.engine.spec.Stage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Carries out one spec: opens data and model, trains, and leaves a run directory.
///
/// Everything that can be wrong with the request is found before the run directory is made, so a
/// refused request leaves nothing behind.
public final class TrainingRun {
    /// Rows of one forward pass where no gradient is kept.
    private static final int ROWS_PER_PASS = 16;

    private final RunSpec spec;
    private final Path folder;
    private final Consumer<String> log;
    private final List<String> said = new ArrayList<>();
    private @Nullable Heartbeat heartbeat;
    private boolean stopAsked;

    /// Changes nothing yet.
    ///
    /// @param folder of the run; made if need be
    /// @param log takes sentences for a person
    public TrainingRun(RunSpec spec, Path folder, Consumer<String> log) {
        this.spec = spec;
        this.folder = folder;
        this.log = log;
    }

    /// Asks for an orderly end, from any thread: the step in progress is finished, the result
    /// saved.
    public synchronized void stop() {
        stopAsked = true;
        if (heartbeat != null) {
            heartbeat.stop();
        }
    }

    /// Prepares, trains and saves.
    ///
    /// @return [State#FINISHED] or [State#STOPPED]
    /// @throws Problem where the request is wrong, or the work failed; a run directory that exists
    ///   then says so too
    public State run() throws InterruptedException {
        try {
            return prepareAndTrain();
        } catch (Problem problem) {
            leaveLastWord(problem);
            throw problem;
        } catch (RuntimeException | OutOfMemoryError unexpected) {
            Problem problem =
                    Problem.failed(
                            "Training failed: " + unexpected + ".",
                            "The log of the run says where; please report it.",
                            unexpected);
            leaveLastWord(problem);
            throw problem;
        }
    }

    private State prepareAndTrain() throws InterruptedException {
        int threads =
                spec.threads() == null
                        ? Runtime.getRuntime().availableProcessors()
                        : spec.threads();
        try (Torch torch = Torch.start(threads);
                Tokenizer tokenizer = Tokenizer.load(BaseModel.of(spec).tokenizerFolder())) {
            TrainingData data = TrainingData.load(spec, tokenizer);
            if (data.report() != null) {
                data.report().sentences().forEach(this::say);
            }
            try (LanguageModel base = openModel(torch);
                    Trained trained = attach(base)) {
                requireVocabulary(base.config(), data);
                return train(trained.policy(), tokenizer, data);
            }
        }
    }

    private State train(LanguageModel policy, Tokenizer tokenizer, TrainingData data)
            throws InterruptedException {
        RunDirectory run = RunDirectory.create(folder, spec);
        Environment.write(run, spec, policy, data.report());
        try (Heartbeat beating = listen(run);
                MetricsLog metrics = new MetricsLog(run.metrics());
                AdamW optimizer = new AdamW(policy, adamW())) {
            say(
                    "%,d rows to train on, %,d steps, %,d parameters trained; threads: %d."
                            .formatted(
                                    data.training().size(),
                                    Trainer.steps(spec, data.training().size()),
                                    policy.parameters().stream()
                                            .mapToLong(parameter -> parameter.value().size())
                                            .sum(),
                                    policy.torch().threads()));
            ReferenceLogps reference = reference(policy, data);
            var step =
                    new OptimizerStep(
                            policy,
                            optimizer,
                            spec.objective(),
                            reference,
                            spec.optimization().microBatchPairs(),
                            spec.optimization().maxGradNorm());
            Trainer trainer = new Trainer(spec, step, data.training());
            State state;
            try (Evaluator evaluator = evaluator(policy, tokenizer, data, reference, run)) {
                state = trainer.train(beating, evaluator, metrics);
            }
            save(policy, run);
            say(state == State.FINISHED ? "Finished." : "Stopped; the result so far is saved.");
            beating.end(state, null);
            return state;
        }
    }

    /// Tells a person, and the run's log as soon as there is one.
    private void say(String sentence) {
        log.accept(sentence);
        said.add(sentence);
        RunDirectory run = new RunDirectory(folder);
        if (heartbeat != null) {
            try {
                Files.write(run.log(), said, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            said.clear();
        }
    }

    private synchronized Heartbeat listen(RunDirectory run) {
        Heartbeat listening = new Heartbeat(run);
        heartbeat = listening;
        if (stopAsked) {
            listening.stop();
        }
        return listening;
    }

    private LanguageModel openModel(Torch torch) {
        return BaseModel.of(spec)
                .open(
                        torch,
                        spec.adapter() instanceof Adapter.Full
                                ? LanguageModel.Training.FULL
                                : LanguageModel.Training.FROZEN);
    }

    /// The policy that is trained, with the adapter it may own.
    private record Trained(LanguageModel policy, @Nullable Lora adapter) implements AutoCloseable {
        @Override
        public void close() {
            if (adapter != null) {
                adapter.close();
            }
        }
    }

    private Trained attach(LanguageModel base) {
        String start = spec.model().adapterPath();
        return switch (spec.adapter()) {
            case Adapter.Full() -> {
                if (start != null) {
                    throw Problem.badRequest(
                            "model.adapterPath is set, but adapter.kind is \"full\".",
                            "Use adapter.kind \"lora\", or merge the adapter first.");
                }
                yield new Trained(base, null);
            }
            case Adapter.Lora lora -> {
                Lora adapter =
                        start == null
                                ? Lora.create(base, settings(lora), spec.seeds().initialization())
                                : Lora.load(base, Path.of(start));
                yield new Trained(base.with(adapter), adapter);
            }
        };
    }

    private static LoraSettings settings(Adapter.Lora lora) {
        Set<Projection> targets =
                lora.targets().stream().map(TrainingRun::projection).collect(Collectors.toSet());
        return new LoraSettings(lora.r(), lora.alpha(), false, targets);
    }

    private static Projection projection(String label) {
        return Arrays.stream(Projection.values())
                .filter(projection -> projection.label().equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "adapter.targets names \""
                                                + label
                                                + "\", which is not known.",
                                        "Use "
                                                + Arrays.stream(Projection.values())
                                                        .map(Projection::label)
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }

    private AdamW.Settings adamW() {
        RunSpec.Optimization settings = spec.optimization();
        return new AdamW.Settings(
                settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay());
    }

    private static void requireVocabulary(ModelConfig config, TrainingData data) {
        int largest = data.largestTokenId();
        if (largest >= config.vocabSize()) {
            throw Problem.badRequest(
                    "The tokenizer gives token id %d, but the model's vocabulary has %d entries."
                            .formatted(largest, config.vocabSize()),
                    "Use the tokenizer that belongs to the model.");
        }
    }

    private ReferenceLogps reference(LanguageModel policy, TrainingData data) {
        if (!spec.objective().needsReference() || spec.stage() != Stage.PREFERENCE) {
            return new ReferenceLogps.None();
        }
        if (spec.adapter() instanceof Adapter.Lora && spec.model().adapterPath() == null) {
            return new ReferenceLogps.AdapterDisabled(policy);
        }
        List<Example> needed = new ArrayList<>(Trainer.seen(spec, data.training()));
        needed.addAll(data.probe());
        say("Computing the reference log-probs of " + needed.size() + " pairs.");
        return ReferenceLogps.Precomputed.compute(policy, needed, ROWS_PER_PASS);
    }

    private Evaluator evaluator(
            LanguageModel policy,
            Tokenizer tokenizer,
            TrainingData data,
            ReferenceLogps reference,
            RunDirectory run) {
        List<Evaluator.Measurement> measurements = new ArrayList<>();
        if (!data.probe().isEmpty()) {
            measurements.add(
                    new Probe(policy, spec.objective(), reference, data.probe(), run, tokenizer));
        }
        if (!data.prompts().isEmpty()) {
            measurements.add(new Answers(policy, tokenizer, spec, data, run));
        }
        return new Evaluator(measurements);
    }

    /// The adapter as a PEFT folder, or the whole model as a Hugging Face folder with its
    /// tokenizer.
    private void save(LanguageModel policy, RunDirectory run) {
        Lora adapter = policy.adapter();
        if (adapter != null) {
            adapter.save(run.adapter());
            return;
        }
        policy.save(run.model());
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Path source = BaseModel.of(spec).tokenizerFolder().resolve(file);
            if (Files.exists(source)) {
                try {
                    Files.copy(
                            source, run.model().resolve(file), StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /// A run directory that someone watches gets a final status, whether we made it or the
    /// workbench did.
    private void leaveLastWord(Problem problem) {
        RunDirectory run = new RunDirectory(folder);
        var failure = new RunStatus.Failure(problem.what(), problem.remedy());
        if (heartbeat != null) {
            heartbeat.end(State.FAILED, failure);
        } else if (Files.exists(run.spec()) && !Files.exists(run.status())) {
            try (Heartbeat last = new Heartbeat(run)) {
                last.end(State.FAILED, failure);
            }
        }
    }
}
