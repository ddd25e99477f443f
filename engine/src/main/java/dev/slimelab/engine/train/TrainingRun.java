package dev.slimelab.engine.train;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.data.LazyList;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceMemory;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.kernel.OutOfDeviceMemory;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.ConfigJson;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/// Carries out one spec: opens data and model, trains, and leaves a run directory; or goes on with
/// one that was interrupted.
///
/// Everything that can be wrong with the request is found before the run directory is made or
/// changed, so a refused request leaves nothing behind.
public final class TrainingRun {
    /// Settings that may change when a run goes on.
    private static final List<String> PORTIONS =
            List.of("optimization.microBatchPairs", "optimization.gradientCheckpointing", "device");

    private final RunSpec spec;
    private final Path folder;
    private final Consumer<String> log;
    private final @Nullable Restart restart;
    private final List<Evaluator.Measurement> alsoMeasured = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private BiFunction<Device, @Nullable Integer, Torch> torches = Torch::start;
    private Function<Torch, DeviceTurn> turns;
    private @Nullable DataShelf shelf;
    private @Nullable Heartbeat heartbeat;
    private boolean stopAsked;

    /// Changes nothing yet.
    ///
    /// @param folder of the run; made if need be
    /// @param log takes sentences for a person
    public TrainingRun(RunSpec spec, Path folder, Consumer<String> log) {
        this(spec, folder, log, null);
    }

    private TrainingRun(
            RunSpec spec, Path folder, Consumer<String> log, @Nullable Restart restart) {
        this.spec = spec;
        this.folder = folder.toAbsolutePath().normalize();
        this.log = log;
        this.restart = restart;
        this.turns = torch -> DeviceTurn.on(torch, this.folder, this::say);
    }

    /// Goes on with an interrupted run from its newest whole checkpoint, as if nothing had
    /// happened. Changes nothing yet.
    ///
    /// @throws Problem bad request: where there is no run, or it is alive or finished
    public static TrainingRun resume(Path folder, Consumer<String> log) {
        return resume(folder, List.of(), log);
    }

    /// The same with other settings, of those that decide where and in what portions a run is
    /// computed and change its results by rounding only.
    ///
    /// @param changes as `path=value`
    /// @throws Problem bad request: also where a change is of another setting
    public static TrainingRun resume(Path folder, List<String> changes, Consumer<String> log) {
        RunDirectory run = new RunDirectory(folder.toAbsolutePath().normalize());
        Restart restart = Restart.of(run);
        RunSpec frozen = run.readSpec();
        RunSpec spec = SpecJson.changed(frozen, changes);
        for (String path : SpecJson.differences(List.of(frozen, spec)).keySet()) {
            if (PORTIONS.stream().noneMatch(path::startsWith)) {
                throw Problem.badRequest(
                        path + " cannot change when a run goes on.",
                        "Fork the run, or set one of %s.".formatted(String.join(", ", PORTIONS)));
            }
        }
        return new TrainingRun(spec, run.path(), log, restart);
    }

    /// The run that follows this one by its spec's `then` and starts from its result, in a folder
    /// beside it that is named after its stage. Where that was begun before, it goes on.
    ///
    /// @return null where nothing follows
    public @Nullable TrainingRun next() {
        RunDirectory here = new RunDirectory(folder);
        RunDirectory beside = here.next();
        if (beside == null) {
            return null;
        }
        return Files.exists(beside.status())
                ? resume(beside.path(), log)
                : new TrainingRun(
                        requireNonNull(SpecJson.next(spec, here.adapter(), here.model())),
                        beside.path(),
                        log);
    }

    public Path folder() {
        return folder;
    }

    /// Takes its data from a shelf, and leaves it there for the next run of this process.
    public TrainingRun sharing(DataShelf data) {
        shelf = data;
        return this;
    }

    /// Starts libtorch otherwise.
    TrainingRun starting(BiFunction<Device, @Nullable Integer, Torch> other) {
        torches = other;
        return this;
    }

    /// Takes turns at a device although it computes on the CPU.
    TrainingRun takingTurns(Path locks, Device.Cuda... devices) {
        turns = _ -> new DeviceTurn(locks, List.of(devices), folder, this::say);
        return this;
    }

    /// Measures one thing more wherever the spec measures.
    TrainingRun alsoMeasuring(Evaluator.Measurement measurement) {
        alsoMeasured.add(measurement);
        return this;
    }

    /// Asks for an orderly end, from any thread: the step in progress is finished, the result
    /// saved.
    public synchronized void stop() {
        stopAsked = true;
        if (heartbeat != null) {
            heartbeat.stop();
        }
    }

    private synchronized boolean isStopAsked() {
        return stopAsked;
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
        } catch (OutOfDeviceMemory full) {
            Problem problem =
                    Problem.failed(
                            "The device ran out of memory beside a training step: "
                                    + full.getMessage()
                                    + ".",
                            "Measure fewer pairs with evaluation.probePairs, compute in bf16, or"
                                    + " train a smaller model; `slimelab estimate` says what a run"
                                    + " needs.",
                            full);
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
        requireWhatFollows();
        Torch.useCache();
        try (DataShelf own = new DataShelf();
                var opening =
                        new Meanwhile<DataShelf.Held>()
                                .begin(() -> (shelf == null ? own : shelf).open(spec));
                Torch torch = torches.apply(spec.device(), threads());
                DeviceTurn turn = turns.apply(torch)) {
            say("Device: %s. %s".formatted(torch.choice().device(), torch.choice().why()));
            if (!turn.take(() -> {}, this::isStopAsked)) {
                return State.STOPPED;
            }
            DataShelf.Held held = opening.get();
            Tokenizer tokenizer = held.tokenizer();
            TrainingData data = held.data();
            data.reports().forEach(report -> report.sentences().forEach(this::say));
            try (LanguageModel base = BaseModel.of(spec).open(torch, Trained.training(spec));
                    Trained trained = Trained.of(spec, base)) {
                data.requireKnownTo(base.config());
                if (spec.reference().path() != null) {
                    data.requireKnownTo(ConfigJson.read(Path.of(spec.reference().path())));
                }
                if (restart != null) {
                    Environment.requireUnchanged(restart.run(), spec, data.reports());
                }
                return train(new Opened(trained.policy(), tokenizer, data, turn));
            }
        }
    }

    /// A run that goes on keeps the number it began with, because results depend on it.
    private @Nullable Integer threads() {
        return spec.threads() != null || restart == null
                ? spec.threads()
                : Environment.threads(restart.run());
    }

    /// Later stages are checked before the first one is trained.
    private void requireWhatFollows() {
        RunDirectory here = new RunDirectory(folder);
        for (RunSpec next = SpecJson.next(spec, here.adapter(), here.model());
                next != null;
                next = SpecJson.next(next, here.adapter(), here.model())) {
            String data = next.data().path();
            if (data != null && !Files.exists(Path.of(data))) {
                throw Problem.badRequest(
                        "then.data.path is " + data + ", which does not exist.",
                        "Correct it; a path in a spec is relative to the spec's folder.");
            }
        }
    }

    /// What a run needs, opened.
    private record Opened(
            LanguageModel policy, Tokenizer tokenizer, TrainingData data, DeviceTurn turn) {}

    private State train(Opened opened) throws InterruptedException {
        RunDirectory run = restart == null ? RunDirectory.create(folder, spec) : restart.run();
        try (HeldFile _ = run.lock()) {
            Map<String, Object> cut = restart == null ? Map.of() : restart.cutBack();
            if (restart != null && !spec.equals(run.readSpec())) {
                cut.put("changes", SpecJson.differences(List.of(run.readSpec(), spec)).keySet());
                run.freeze(spec);
            }
            Environment.write(run, spec, opened.policy, opened.data.reports());
            try (Heartbeat beating = listen(run);
                    MetricsLog metrics = new MetricsLog(run.metrics())) {
                if (restart != null) {
                    sayWhereItGoesOn(restart, beating, cut);
                }
                State state = train(opened, run, beating, metrics);
                save(opened.policy, run);
                String best = spec.checkpoint().best();
                if (best != null && run.checkpoints().best(spec.checkpoint()) == null) {
                    say("No checkpoint is kept as the best: none has the metric " + best + ".");
                }
                say(state == State.FINISHED ? "Finished." : "Stopped; the result so far is saved.");
                beating.end(state, null);
                return state;
            }
        }
    }

    private State train(Opened opened, RunDirectory run, Heartbeat beating, MetricsLog metrics)
            throws InterruptedException {
        LanguageModel policy = opened.policy;
        TrainingData data = opened.data;
        say(
                "%,d rows to train on, %,d steps, %,d parameters trained; threads: %d."
                        .formatted(
                                data.training().size(),
                                Trainer.steps(spec, data.training().size()),
                                policy.parameters().stream()
                                        .mapToLong(parameter -> parameter.value().size())
                                        .sum(),
                                policy.torch().threads()));
        sayWhoIsIdle(policy.torch());
        // Before a checkpoint is loaded: the reference starts as the policy was at step 0.
        try (var memoryOfDevice = DeviceMemory.watch(policy.torch().choice().gpus());
                OpenReference reference = reference(policy, data);
                AdamW optimizer = new AdamW(policy, adamW())) {
            var clock = new Progress(Trainer.steps(spec, data.training().size()), memoryOfDevice);
            var memory = new ObjectiveMemory(spec.seeds().sampling());
            var alarms = new Alarms();
            var inputs = new ObjectiveInputs(policy, reference.logps(), memory);
            try (Evaluator evaluator = evaluator(inputs, optimizer, opened, run)) {
                List<Remembered> remembered = new ArrayList<>(evaluator.remembered());
                remembered.addAll(List.of(clock, memory, alarms));
                var checkpoints =
                        new Checkpointing(
                                run,
                                spec.checkpoint(),
                                policy,
                                optimizer,
                                spec.objective().loop() instanceof Loop.ReferenceSync
                                        ? reference.model()
                                        : null,
                                remembered);
                if (restart != null && restart.from() != null) {
                    checkpoints.load(restart.from());
                }
                // After a checkpoint is loaded: the other devices get the policy as it is here.
                try (var replicas = new Replicas(inputs)) {
                    var step =
                            new OptimizerStep(
                                    replicas,
                                    optimizer,
                                    spec.objective(),
                                    spec.optimization().microBatchPairs(),
                                    spec.optimization().checkpointedLayers(),
                                    spec.optimization().maxGradNorm(),
                                    spec.seeds().initialization());
                    var session =
                            new Trainer.Session(
                                    beating,
                                    opened.turn,
                                    evaluator,
                                    alarms,
                                    metrics,
                                    checkpoints,
                                    new LiveSpec(
                                            spec, restart == null ? List.of() : restart.edits()),
                                    clock);
                    return new Trainer(spec, step, data.training())
                            .train(session, restart == null ? 0 : restart.step());
                }
            }
        }
    }

    private void sayWhoIsIdle(Torch torch) {
        RunSpec.Optimization settings = spec.optimization();
        int devices = 1 + torch.others().size();
        int parts = Math.ceilDiv(settings.batchPairs(), settings.microBatchPairs());
        if (parts < devices) {
            say(
                    "A step has %d micro-batch%s for %d devices, so not all of them have work: lower optimization.microBatchPairs to %d."
                            .formatted(
                                    parts,
                                    parts == 1 ? "" : "es",
                                    devices,
                                    Math.max(1, settings.batchPairs() / devices)));
        }
    }

    private void sayWhereItGoesOn(Restart from, Heartbeat beating, Map<String, Object> cut) {
        from.skipped().forEach(skipped -> say("Skipped a damaged checkpoint, " + skipped + "."));
        say(
                from.from() == null
                        ? "No whole checkpoint: begins again."
                        : "Goes on after step " + from.step() + ".");
        beating.event("resumed", cut);
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

    private AdamW.Settings adamW() {
        RunSpec.Optimization settings = spec.optimization();
        return new AdamW.Settings(
                settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay());
    }

    private OpenReference reference(LanguageModel policy, TrainingData data) {
        List<Example> needed =
                LazyList.concatenated(
                        List.of(Trainer.seen(spec, data.training()), data.probe(), data.heldOut()));
        return OpenReference.of(spec, policy, needed, ReferenceCache.beside(folder), this::say);
    }

    private Evaluator evaluator(
            ObjectiveInputs inputs, AdamW optimizer, Opened opened, RunDirectory run) {
        TrainingData data = opened.data;
        List<Evaluator.Measurement> measurements = new ArrayList<>();
        if (!data.probe().isEmpty()) {
            measurements.add(
                    new Probe(
                            inputs,
                            OpenReference.isStart(spec),
                            data.probe(),
                            run,
                            opened.tokenizer));
            if (spec.evaluation().costlyDiagnostics() == RunSpec.Evaluation.Costly.ON) {
                measurements.add(new CostlyDiagnostics(inputs, optimizer, data.probe()));
            }
        }
        if (!data.heldOut().isEmpty()) {
            measurements.add(new HeldOut(inputs, data.heldOut()));
        }
        if (!data.prompts().isEmpty()) {
            measurements.add(new Answers(inputs.policy(), opened.tokenizer, spec, data, run));
        }
        measurements.addAll(alsoMeasured);
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
