package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.Targets;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.RunSpec.Adapter;
import dev.slimelab.engine.spec.RunSpec.ReferenceModel.Kind;
import dev.slimelab.engine.spec.Stage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
                if (spec.reference().path() != null) {
                    requireVocabulary(ConfigJson.read(Path.of(spec.reference().path())), data);
                }
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
                            spec.optimization().maxGradNorm(),
                            spec.seeds().initialization());
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
                                ? fresh(base, settings(lora))
                                : continued(base, Path.of(start), settings(lora));
                yield new Trained(base.with(adapter), adapter);
            }
        };
    }

    private Lora fresh(LanguageModel base, LoraSettings settings) {
        try {
            return Lora.create(base, settings, spec.seeds().initialization());
        } catch (Problem problem) {
            throw Problem.badRequest(
                    "adapter.targets: " + problem.what(), problem.remedy(), problem);
        }
    }

    private static Lora continued(LanguageModel base, Path start, LoraSettings settings) {
        Lora adapter = Lora.load(base, start, settings.dropout());
        String difference = settings.difference(adapter.settings());
        if (difference != null) {
            adapter.close();
            throw Problem.badRequest(
                    "The adapter in %s has %s, but the spec's adapter has not."
                            .formatted(start, difference),
                    "Repeat the settings of model.adapterPath in adapter.");
        }
        return adapter;
    }

    private static LoraSettings settings(Adapter.Lora lora) {
        return new LoraSettings(
                lora.r(),
                lora.alpha(),
                lora.scaling() == Adapter.Scaling.RANK_STABILISED,
                lora.dropout(),
                new Targets(lora.targets(), lora.targetPattern()),
                lora.modulesToSave());
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
        boolean adapted = spec.adapter() instanceof Adapter.Lora;
        Kind kind = spec.reference().kind();
        boolean fresh = spec.model().adapterPath() == null;
        if (adapted && (kind == Kind.ADAPTER_DISABLED || (kind == Kind.START && fresh))) {
            return new ReferenceLogps.AdapterDisabled(policy);
        }
        List<Example> needed = new ArrayList<>(Trainer.seen(spec, data.training()));
        needed.addAll(data.probe());
        say("Computing the reference log-probs of " + needed.size() + " pairs.");
        String other = spec.reference().path();
        if (other == null) {
            return ReferenceLogps.Precomputed.compute(policy, needed, ROWS_PER_PASS);
        }
        try (LanguageModel model =
                BaseModel.folder(Path.of(other), spec.model().precision())
                        .open(policy.torch(), LanguageModel.Training.FROZEN)) {
            return ReferenceLogps.Precomputed.compute(model, needed, ROWS_PER_PASS);
        }
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
        BaseModel.of(spec).copyTokenizer(run.model());
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
