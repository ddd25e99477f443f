package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.SmallRuns.await;
import static dev.slimelab.engine.train.SmallRuns.events;
import static dev.slimelab.engine.train.SmallRuns.lasting;
import static dev.slimelab.engine.train.SmallRuns.metrics;
import static dev.slimelab.engine.train.SmallRuns.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceLock;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.kernel.FaultyTorch;
import dev.slimelab.engine.kernel.Kernels.Traffic;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/// What a run asks of its device, and what becomes of it where the device is taken or full. The
/// same code runs on a GPU; here it runs on the CPU.
class DeviceUseTest {
    private static final Device.Cuda GPU = new Device.Cuda(0);

    @TempDir private Path folder;

    /// Two uploads a micro-batch, all its token ids and places together and the slope of every
    /// token; one download, the table of per-token numbers; and the gradient's norm once a step.
    @Tag("gpu")
    @ParameterizedTest
    @CsvSource({"6, 1, 2, 2", "6, 2, 4, 3", "6, 6, 12, 7"})
    void aMicroBatchIsTwoUploadsAndOneDownload(
            int pairs, int microBatches, long uploads, long downloads) {
        int size = pairs / microBatches;
        List<Example> batch = batch(pairs);
        try (LanguageModel model =
                        LanguageModel.initialize(
                                Fixtures.TORCH,
                                Fixtures.tiny(false),
                                new Initialization(3, Initialization.Residual.PLAIN),
                                Precision.FLOAT32,
                                LanguageModel.Training.FULL);
                AdamW optimizer = new AdamW(model, AdamW.Settings.standard())) {
            var step =
                    new OptimizerStep(
                            new Replicas(
                                    new ObjectiveInputs(
                                            model,
                                            new ReferenceLogps.None(),
                                            new ObjectiveMemory(0))),
                            optimizer,
                            Preset.SLIME.objective(),
                            size,
                            0,
                            null,
                            0);
            Traffic before = Fixtures.TORCH.kernels().traffic();

            step.take(batch, 1e-3);

            Traffic sent = Fixtures.TORCH.kernels().traffic().minus(before);
            long tokens = batch.stream().mapToLong(e -> e.row().length()).sum();
            long scored =
                    batch.stream().mapToLong(e -> e.chosenTokens() + e.rejectedTokens()).sum();
            assertThat(sent)
                    .isEqualTo(
                            new Traffic(
                                    uploads,
                                    8 * (3 * tokens + 3 * scored + scored),
                                    downloads,
                                    8 * (8 * scored + 1)));
        }
    }

    private static List<Example> batch(int pairs) {
        Random random = new Random(5);
        List<Example> batch = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            batch.add(
                    new Example(
                            i,
                            Row.of(
                                    Fixtures.tokens(random, 1 + random.nextInt(9), 37),
                                    Fixtures.tokens(random, 1 + random.nextInt(9), 37),
                                    Fixtures.tokens(random, 1 + random.nextInt(9), 37))));
        }
        return batch;
    }

    @Test
    void aRunThatWaitsForItsTurnSaysForWhatAndCanBeStopped() throws InterruptedException {
        List<String> said = new ArrayList<>();
        try (HeldFile _ = requireNonNull(DeviceLock.tryTake(folder, GPU, "runs/first"));
                var turn =
                        new DeviceTurn(folder, List.of(GPU), Path.of("runs/second"), said::add)) {
            var looks = new int[1];
            assertThat(turn.take(() -> {}, () -> looks[0]++ == 2)).isFalse();
            assertThat(said).containsExactly("Waits for cuda:0; runs/first has it.");
        }
    }

    @Test
    void theCpuIsForEverybodyAtOnce() throws InterruptedException {
        try (var one = new DeviceTurn(folder, List.of(), folder, _ -> {});
                var other = new DeviceTurn(folder, List.of(), folder, _ -> {})) {
            assertThat(one.take(() -> {}, () -> false)).isTrue();
            assertThat(other.take(() -> {}, () -> false)).isTrue();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aPausedRunGivesMemoryAndTurnBackAndGoesOnBitForBit() throws Exception {
        RunDirectory whole = train("whole");
        Path locks = folder.resolve("locks");
        RunDirectory paused = new RunDirectory(folder.resolve("paused"));
        TrainingRun training = run("paused").takingTurns(locks, GPU);
        List<String> seen = new ArrayList<>();
        training.alsoMeasuring(
                (step, _) -> {
                    if (step == 3) {
                        seen.add(String.valueOf(DeviceLock.holder(locks, GPU)));
                        new Control(paused.control()).ask(Control.Request.PAUSE);
                        await(() -> !events(paused, "pause").isEmpty());
                    }
                    return Map.of();
                });
        CompletableFuture<State> result =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return training.run();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        await(() -> Files.exists(paused.status()) && state(paused) == State.PAUSED);
        await(() -> DeviceLock.holder(locks, GPU) == null);
        try (HeldFile _ = requireNonNull(DeviceLock.tryTake(locks, GPU, "runs/other"))) {
            new Control(paused.control()).ask(Control.Request.RESUME);
            await(() -> state(paused) == State.QUEUED);
        }

        assertThat(result.get()).isEqualTo(State.FINISHED);
        assertThat(seen).containsExactly(paused.path().toString());
        assertThat(lasting(paused)).isEqualTo(lasting(whole));
        assertThat(DeviceLock.holder(locks, GPU)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "1"})
    void aFullDeviceIsReportedWithItsBatchAndTheRunGoesOn(String microBatch)
            throws InterruptedException {
        RunDirectory whole = train("whole", "optimization.microBatchPairs=" + microBatch);
        int perStep = 2 * 8 / Integer.parseInt(microBatch); // two layers
        TrainingRun full =
                run("full", "optimization.microBatchPairs=" + microBatch, "checkpoint.everySteps=2")
                        .starting(
                                (device, threads) ->
                                        FaultyTorch.outOfMemory(
                                                Torch.start(device, threads),
                                                "layer_backward",
                                                4 * perStep + 1));
        RunDirectory run = new RunDirectory(folder.resolve("full"));
        String remedy =
                microBatch.equals("4")
                        ? "--set optimization.microBatchPairs=2"
                        : "--set optimization.gradientCheckpointing=1";

        assertThatThrownBy(full::run).isInstanceOf(Problem.class).hasMessageContaining(remedy);

        RunStatus status = requireNonNull(RunStatus.read(run.status(), Instant.now()));
        assertThat(status.state()).isEqualTo(State.FAILED);
        RunStatus.Failure failure = requireNonNull(status.problem());
        assertThat(failure.what())
                .matches(
                        "The device cpu ran out of memory in step 5, in a micro-batch of "
                                + microBatch
                                + " rows with [\\d,]+ tokens\\.");
        assertThat(failure.remedy()).contains("slimelab resume DIR", remedy);

        assertThat(TrainingRun.resume(run.path(), _ -> {}).run()).isEqualTo(State.FINISHED);
        assertThat(lasting(run)).isEqualTo(lasting(whole));
    }

    @Test
    void aRunGoesOnInSmallerPortions() throws InterruptedException {
        RunDirectory run = stoppedHalfway();
        List<String> smaller =
                List.of(
                        "optimization.microBatchPairs=2",
                        "optimization.gradientCheckpointing=1",
                        "device=cpu");

        assertThat(TrainingRun.resume(run.path(), smaller, _ -> {}).run())
                .isEqualTo(State.FINISHED);

        assertThat(run.readSpec().optimization().microBatchPairs()).isEqualTo(2);
        assertThat(run.readSpec().optimization().checkpointedLayers()).isEqualTo(1);
        assertThat(run.readSpec().device()).isEqualTo(new Device.Cpu());
        assertThat(metrics(run)).hasSize(7);
    }

    @Test
    void whatWouldChangeItsResultsIsRefused() throws InterruptedException {
        RunDirectory run = stoppedHalfway();
        assertThatThrownBy(
                        () ->
                                TrainingRun.resume(
                                        run.path(),
                                        List.of("optimization.learningRate=1"),
                                        _ -> {}))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(
                        "optimization.learningRate cannot change", "optimization.microBatchPairs");
    }

    private RunDirectory stoppedHalfway() throws InterruptedException {
        TrainingRun run = run("stopped");
        run.alsoMeasuring(
                (step, _) -> {
                    if (step == 3) {
                        run.stop();
                    }
                    return Map.of();
                });
        assertThat(run.run()).isEqualTo(State.STOPPED);
        return new RunDirectory(folder.resolve("stopped"));
    }

    private RunDirectory train(String name, String... changes) throws InterruptedException {
        assertThat(run(name, changes).run()).isEqualTo(State.FINISHED);
        return new RunDirectory(folder.resolve(name));
    }

    private TrainingRun run(String name, String... changes) {
        return new TrainingRun(SmallRuns.spec(folder, changes), folder.resolve(name), _ -> {});
    }
}
