package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.SmallRuns.await;
import static dev.slimelab.engine.train.SmallRuns.events;
import static dev.slimelab.engine.train.SmallRuns.lasting;
import static dev.slimelab.engine.train.SmallRuns.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceLock;
import dev.slimelab.engine.kernel.FaultyTorch;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.Parameter;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.model.Targets;
import dev.slimelab.engine.objective.Composition;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.State;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// Steps shared out among devices are the steps of one device.
///
/// The devices are the processor, named several times; the profile `gpu` with
/// `-Dtest.devices=cuda:0,cuda:1` makes them GPUs.
class ReplicasTest {
    private static final int VOCABULARY = 37;
    private static final List<String> NAMES =
            List.of(System.getProperty("slimelab.test.devices", "cpu,cpu,cpu").split(","));

    @TempDir private Path folder;

    /// What a policy has become after two steps, and what the steps said.
    private record Taken(
            List<double[]> gradients, List<double[]> values, List<Map<String, Double>> metrics) {}

    @Tag("gpu")
    @ParameterizedTest
    @CsvSource({
        "SLIME, FULL, 1",
        "SLIME, FROZEN, 3",
        "DPO, FROZEN, 2",
        "ORPO, FULL, 2",
        "KTO, FROZEN, 2",
        "ALPHA_DPO, FULL, 3",
        "SPO_INNER, FULL, 2"
    })
    void gradientSumsAreThoseOfOneDevice(Preset preset, Training training, int microBatch) {
        assumeThat(NAMES).as("devices").hasSizeGreaterThan(1);
        Objective objective = preset.objective();
        Taken alone = taken(1, objective, training, microBatch);
        for (int devices = 2; devices <= NAMES.size(); devices++) {
            assertSame(taken(devices, objective, training, microBatch), alone);
        }
    }

    @Tag("gpu")
    @ParameterizedTest
    @ValueSource(strings = {"FULL", "FROZEN"})
    void aReferenceThatMovesMovesOnEveryDevice(Training training) {
        assumeThat(NAMES).as("devices").hasSizeGreaterThan(1);
        Objective objective =
                Composition.of(Preset.DPO.objective()).loop(new Loop.ReferenceSync(0.5, 1)).build();
        assertSame(taken(2, objective, training, 2), taken(1, objective, training, 2));
    }

    /// Two steps in float64, of 7 ragged pairs.
    private static Taken taken(
            int devices, Objective objective, Training training, int microBatch) {
        Device device =
                devices == 1
                        ? Device.parse(NAMES.getFirst(), "slimelab.test.devices")
                        : new Device.Several(NAMES.subList(0, devices));
        try (Torch torch = Torch.start(device, 1);
                LanguageModel base = model(torch, 3, training);
                Lora adapter = training == Training.FULL ? null : adapter(base)) {
            LanguageModel policy = adapter == null ? base : base.with(adapter);
            ReferenceLogps reference = reference(policy, objective);
            try (AdamW optimizer = new AdamW(policy, AdamW.Settings.standard());
                    Replicas replicas =
                            new Replicas(
                                    new ObjectiveInputs(
                                            policy, reference, new ObjectiveMemory(0)))) {
                var step = new OptimizerStep(replicas, optimizer, objective, microBatch, 0, 1.0, 9);
                List<Map<String, Double>> metrics = new ArrayList<>();
                for (int i = 1; i <= 2; i++) {
                    Map<String, Double> said = new TreeMap<>(step.take(batch(), 1e-2));
                    said.values().removeIf(value -> value.isNaN());
                    metrics.add(said);
                    step.moveReference(i);
                }
                return new Taken(
                        policy.parameters().stream()
                                .map(Parameter::gradient)
                                .map(torch.kernels()::doubles)
                                .toList(),
                        policy.parameters().stream()
                                .map(Parameter::value)
                                .map(torch.kernels()::doubles)
                                .toList(),
                        metrics);
            }
        }
    }

    private static LanguageModel model(Torch torch, long seed, Training training) {
        return LanguageModel.initialize(
                torch,
                Fixtures.tiny(false),
                new Initialization(seed, Initialization.Residual.PLAIN),
                Precision.FLOAT64,
                training);
    }

    /// With dropout, whose draws belong to an example wherever it is computed.
    private static Lora adapter(LanguageModel base) {
        return Lora.create(
                base,
                new LoraSettings(
                        3,
                        6,
                        false,
                        0.2,
                        new Targets(List.of("q_proj", "down_proj"), null),
                        List.of()),
                4);
    }

    private static ReferenceLogps reference(LanguageModel policy, Objective objective) {
        if (!objective.needsReference()) {
            return new ReferenceLogps.None();
        }
        return policy.adapter() == null || objective.loop() instanceof Loop.ReferenceSync
                ? new ReferenceLogps.Copy(policy.copy())
                : new ReferenceLogps.AdapterDisabled(policy);
    }

    private static List<Example> batch() {
        Random random = new Random(5);
        List<Example> batch = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            batch.add(
                    new Example(
                            i,
                            Row.of(
                                    Fixtures.tokens(random, 1 + random.nextInt(9), VOCABULARY),
                                    Fixtures.tokens(random, 1 + random.nextInt(9), VOCABULARY),
                                    Fixtures.tokens(random, 1 + random.nextInt(9), VOCABULARY))));
        }
        return batch;
    }

    private static void assertSame(Taken actual, Taken expected) {
        for (int step = 0; step < expected.metrics.size(); step++) {
            OptimizerStepTest.assertSame(actual.metrics.get(step), expected.metrics.get(step));
        }
        for (int i = 0; i < expected.gradients.size(); i++) {
            assertThat(actual.gradients.get(i))
                    .as("gradient %d", i)
                    .containsExactly(expected.gradients.get(i), Tolerances.EXACT);
            assertThat(actual.values.get(i))
                    .as("parameter %d", i)
                    .containsExactly(expected.values.get(i), within(Tolerances.BATCH_LAYOUT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "full"})
    void aRunOnTwoDevicesIsThatOnOneAndRepeatsBitForBit(String adapter)
            throws InterruptedException {
        List<Map<String, String>> alone = lasting(train("alone", adapter, "cpu"));
        List<Map<String, String>> shared = lasting(train("shared", adapter, "cpu,cpu"));

        assertThat(lasting(train("again", adapter, "cpu,cpu"))).isEqualTo(shared);
        assertThat(shared).hasSameSizeAs(alone);
        for (int line = 0; line < alone.size(); line++) {
            OptimizerStepTest.assertSame(numbers(shared.get(line)), numbers(alone.get(line)));
        }
    }

    private static Map<String, Double> numbers(Map<String, String> line) {
        Map<String, Double> numbers = new TreeMap<>();
        line.forEach((metric, text) -> numbers.put(metric, Double.valueOf(text)));
        return numbers;
    }

    @Test
    void aRunThatStoppedGoesOnBitForBit() throws InterruptedException {
        RunDirectory whole = train("whole", "full", "cpu,cpu");
        TrainingRun stopped = run("stopped", "full", "cpu,cpu");
        stopped.alsoMeasuring(
                (step, _) -> {
                    if (step == 3) {
                        stopped.stop();
                    }
                    return Map.of();
                });
        assertThat(stopped.run()).isEqualTo(State.STOPPED);

        assertThat(TrainingRun.resume(stopped.folder(), _ -> {}).run()).isEqualTo(State.FINISHED);

        assertThat(lasting(new RunDirectory(stopped.folder()))).isEqualTo(lasting(whole));
    }

    /// 8 pairs in portions of 3: the second device has the second of three micro-batches.
    @Test
    void aFullDeviceAmongSeveralEndsTheRunInOrder() throws InterruptedException {
        RunDirectory whole = train("whole", "lora", "cpu,cpu");
        TrainingRun full =
                run("full", "lora", "cpu,cpu")
                        .starting(
                                (device, threads) ->
                                        FaultyTorch.outOfMemoryBeside(
                                                Torch.start(device, threads),
                                                "layer_backward",
                                                4 * 2 + 1)); // two layers, in step 5

        assertThatThrownBy(full::run)
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(
                        "ran out of memory in step 5, in a micro-batch of 3 rows",
                        "--set optimization.microBatchPairs=1");

        assertThat(TrainingRun.resume(full.folder(), _ -> {}).run()).isEqualTo(State.FINISHED);
        assertThat(lasting(new RunDirectory(full.folder()))).isEqualTo(lasting(whole));
    }

    @Test
    void aPausedRunGivesAllItsDevicesBackAndGoesOnBitForBit() throws Exception {
        RunDirectory whole = train("whole", "lora", "cpu,cpu");
        Path locks = folder.resolve("locks");
        var first = new Device.Cuda(0);
        var second = new Device.Cuda(1);
        TrainingRun paused = run("paused", "lora", "cpu,cpu").takingTurns(locks, second, first);
        var run = new RunDirectory(paused.folder());
        paused.alsoMeasuring(
                (step, _) -> {
                    if (step == 3) {
                        assertThat(DeviceLock.holder(locks, first)).isNotNull();
                        assertThat(DeviceLock.holder(locks, second)).isNotNull();
                        new Control(run.control()).ask(Control.Request.PAUSE);
                        await(() -> !events(run, "pause").isEmpty());
                    }
                    return Map.of();
                });
        CompletableFuture<State> result =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return paused.run();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        await(() -> Files.exists(run.status()) && state(run) == State.PAUSED);
        await(() -> DeviceLock.holder(locks, second) == null);
        assertThat(DeviceLock.holder(locks, first)).isNull();
        new Control(run.control()).ask(Control.Request.RESUME);

        assertThat(result.get()).isEqualTo(State.FINISHED);
        assertThat(lasting(run)).isEqualTo(lasting(whole));
    }

    private RunDirectory train(String name, String adapter, String device)
            throws InterruptedException {
        assertThat(run(name, adapter, device).run()).isEqualTo(State.FINISHED);
        return new RunDirectory(folder.resolve(name));
    }

    /// In float64, where sums in another order differ by less than anything else could.
    private TrainingRun run(String name, String adapter, String device) {
        return new TrainingRun(
                SmallRuns.spec(
                        folder,
                        "model.precision=fp64",
                        "adapter={\"kind\": \"" + adapter + "\"}",
                        "device=" + device,
                        "optimization.microBatchPairs=3",
                        "checkpoint.everySteps=2"),
                folder.resolve(name),
                _ -> {});
    }
}
