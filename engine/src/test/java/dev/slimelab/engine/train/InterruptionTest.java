package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.SmallRuns.events;
import static dev.slimelab.engine.train.SmallRuns.lasting;
import static dev.slimelab.engine.train.SmallRuns.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.file.AtomicFolder;
import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Runs that are cut short at a chosen step, and what becomes of them.
class InterruptionTest {
    private static final int STEPS = 20;

    /// The spec of every run here, before a test's own changes.
    private static final List<String> SHORT =
            List.of(
                    "model.config.hidden_size=16",
                    "model.config.num_hidden_layers=1",
                    "data.pairs=18",
                    "adapter.r=2",
                    "optimization.maxSteps=" + STEPS,
                    "optimization.batchPairs=4",
                    "optimization.microBatchPairs=3",
                    "evaluation.everySteps=1",
                    "evaluation.probePairs=2",
                    "evaluation.samplePrompts=0",
                    "checkpoint.everySteps=3",
                    "checkpoint.keep=100");

    @TempDir private Path folder;
    private final List<String> changes = new ArrayList<>();

    /// Stands for whatever ends a process without a last word.
    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @BeforeEach
    void startFromTheShortSpec() {
        changes.addAll(SHORT);
    }

    @Test
    void interruptedAtAnyStepARunEndsInTheSameBytes() throws InterruptedException, IOException {
        changes.addAll(List.of("evaluation.probePairs=0", "checkpoint.everySteps=6"));
        RunDirectory whole = train("whole");

        for (int step = 0; step <= STEPS; step++) {
            // Nothing is measured but when the run is to be interrupted.
            changes.add("evaluation.everySteps=" + Math.max(1, step));
            RunDirectory cut = cutShort("cut-" + step, step);

            State state = TrainingRun.resume(cut.path(), _ -> {}).run();

            assertThat(state).isEqualTo(State.FINISHED);
            assertSame(cut, whole);
        }
    }

    /// At odd steps as a power cut leaves it, in the middle of a checkpoint and of a line; at even
    /// ones stopped by a person.
    private RunDirectory cutShort(String name, int step) throws InterruptedException, IOException {
        RunDirectory run = directory(name);
        if (step % 2 == 0 && step < STEPS) {
            TrainingRun training = run(name);
            training.alsoMeasuring(when(step, _ -> training.stop()));
            assertThat(training.run()).isEqualTo(State.STOPPED);
            assertThat(run.checkpoints().at(step).damage()).isNull();
        } else {
            crash(name, step);
            Path half = run.checkpoints().folder().resolve("step-000099" + AtomicFolder.ASIDE);
            Files.createDirectories(half);
            Files.writeString(half.resolve("state.json"), "{\"st");
            Files.writeString(run.metrics(), "{\"step\":9", StandardOpenOption.APPEND);
            Files.writeString(run.events(), "{\"time\":", StandardOpenOption.APPEND);
        }
        return run;
    }

    private void assertSame(RunDirectory run, RunDirectory expected) throws IOException {
        Path weights =
                Files.exists(expected.adapter())
                        ? Path.of("adapter", "adapter_model.safetensors")
                        : Path.of("model", "model.safetensors");
        assertThat(run.path().resolve(weights))
                .hasSameBinaryContentAs(expected.path().resolve(weights));
        assertThat(lasting(run)).isEqualTo(lasting(expected));
        for (Path file : measured(expected)) {
            assertThat(run.path().resolve(expected.path().relativize(file)))
                    .hasSameTextualContentAs(file);
        }
        assertThat(measured(run)).hasSameSizeAs(measured(expected));
        assertThat(Disk.files(run.path()))
                .noneMatch(file -> file.toString().contains(AtomicFolder.ASIDE));
    }

    private static List<Path> measured(RunDirectory run) {
        List<Path> files = new ArrayList<>();
        if (Files.exists(run.samples())) {
            files.add(run.samples());
        }
        if (Files.exists(run.tokens())) {
            files.addAll(Disk.files(run.tokens()));
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "objective=dpo adapter={\"kind\":\"full\"}",
                "model.precision=bf16",
                "model.precision=fp64",
                "stage=sft data.split=sft optimization.maxGradNorm=0.5"
            })
    void everyKindOfRunGoesOnBitForBit(String settings) throws InterruptedException, IOException {
        changes.addAll(List.of(settings.split(" ")));
        changes.addAll(List.of("evaluation.everySteps=4", "evaluation.samplePrompts=1"));
        RunDirectory whole = train("whole");
        RunDirectory cut = crash("cut", 12);

        TrainingRun.resume(cut.path(), _ -> {}).run();

        assertSame(cut, whole);
        assertThat(events(cut, "resumed").getFirst().get("step").intValue()).isEqualTo(9);
    }

    @Test
    void aKilledProcessGoesOn() throws InterruptedException, IOException {
        changes.addAll(
                List.of(
                        "optimization.maxSteps=200",
                        "evaluation.everySteps=50",
                        "checkpoint.everySteps=20"));
        RunDirectory whole = train("whole");
        RunDirectory killed = directory("killed");
        killed.path().toFile().mkdirs();
        killed.freeze(SmallRuns.spec(folder, changes.toArray(String[]::new)));
        Process engine =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.slimelab.engine.Main",
                                "train",
                                killed.spec().toString(),
                                "--run",
                                killed.path().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("engine.txt").toFile())
                        .start();
        await(() -> Files.exists(killed.metrics()) && metrics(killed).size() > 25);
        engine.destroyForcibly().waitFor();
        assertThat(metrics(killed)).hasSizeLessThan(200);
        assertThat(JsonMapper.shared().readTree(killed.environment()).get("command").stringValue())
                .isEqualTo("slimelab train %s --run %s".formatted(killed.spec(), killed.path()));

        TrainingRun.resume(killed.path(), _ -> {}).run();

        assertThat(killed.adapter().resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(whole.adapter().resolve("adapter_model.safetensors"));
        assertThat(lasting(killed)).isEqualTo(lasting(whole));
    }

    @Test
    void aDamagedCheckpointIsSkippedAndNamed() throws InterruptedException, IOException {
        RunDirectory whole = train("whole");
        RunDirectory cut = crash("cut", 11);
        Path moments = cut.checkpoints().at(9).optimizer();
        byte[] bytes = Files.readAllBytes(moments);
        bytes[bytes.length - 1] ^= 1;
        Files.write(moments, bytes);
        List<String> said = new ArrayList<>();

        TrainingRun.resume(cut.path(), said::add).run();

        assertThat(said).anyMatch(s -> s.contains("step-000009") && s.contains("optimizer"));
        JsonNode resumed = events(cut, "resumed").getFirst();
        assertThat(resumed.get("step").intValue()).isEqualTo(6);
        assertThat(resumed.get("skipped").toString()).contains("step-000009");
        assertThat(cut.checkpoints().folder().resolve("damaged-step-000009")).isDirectory();
        assertSame(cut, whole);
    }

    @Test
    void theLatestCheckpointsAndTheBestAreKept() throws InterruptedException {
        changes.addAll(
                List.of(
                        "checkpoint.everySteps=2",
                        "checkpoint.keep=2",
                        "checkpoint.best=loss",
                        "checkpoint.bestIs=lowest"));

        RunDirectory run = train("kept");

        int best = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int step = 2; step <= STEPS; step += 2) {
            double loss = metrics(run).get(step).get("loss").doubleValue();
            if (loss < lowest) {
                lowest = loss;
                best = step;
            }
        }
        assertThat(run.checkpoints().all().stream().map(Checkpoint::step).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        new java.util.TreeSet<>(List.of(best, 18, 20)));
    }

    @Test
    void aRequestLeavesACheckpoint() throws InterruptedException {
        changes.add("checkpoint.everySteps=null");
        RunDirectory run = directory("asked");

        run("asked")
                .alsoMeasuring(
                        when(
                                5,
                                _ -> {
                                    new Control(run.control()).ask(Control.Request.CHECKPOINT);
                                    await(() -> !events(run, "checkpoint").isEmpty());
                                }))
                .run();

        assertThat(run.checkpoints().all()).containsExactly(run.checkpoints().at(5));
    }

    @Test
    void aRunThatIsAliveIsNotResumed() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("alive"), SmallRuns.spec(folder));
        new RunStatus(
                        State.TRAINING,
                        3,
                        20,
                        0.1,
                        null,
                        ProcessHandle.current().pid(),
                        RunStatus.localHost(),
                        Instant.now(),
                        null)
                .write(run.status());

        assertThatThrownBy(() -> TrainingRun.resume(run.path(), _ -> {}))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is alive");

        Files.delete(run.status());
        try (HeldFile _ = run.lock()) {
            assertThatThrownBy(() -> TrainingRun.resume(run.path(), _ -> {}).run())
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("another engine");
        }
    }

    @Test
    void whatWasNotInterruptedIsNotResumed() throws InterruptedException {
        RunDirectory run = train("done");

        assertThatThrownBy(() -> TrainingRun.resume(run.path(), _ -> {}))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("finished");
        assertThatThrownBy(() -> TrainingRun.resume(folder.resolve("none"), _ -> {}))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("holds no run");
    }

    @Test
    void aForkWithoutAChangeEqualsItsParent() throws InterruptedException, IOException {
        RunDirectory parent = train("parent");

        RunDirectory child = new Fork(parent, 9, List.of()).make(null);
        TrainingRun.resume(child.path(), _ -> {}).run();

        assertThat(child.name()).isEqualTo("parent-fork-9");
        assertSame(child, parent);
        JsonNode forked = events(child, "forked").getFirst();
        assertThat(forked.get("parent").stringValue()).isEqualTo("../parent");
        assertThat(forked.get("changes").isEmpty()).isTrue();
    }

    @Test
    void aForkDeclaresItsChange() throws InterruptedException {
        RunDirectory parent = train("parent");

        RunDirectory child =
                new Fork(parent, 9, List.of("objective.stabiliser.p=2.0"))
                        .make(folder.resolve("child"));
        TrainingRun.resume(child.path(), _ -> {}).run();

        JsonNode change =
                events(child, "forked").getFirst().get("changes").get("objective.stabiliser.p");
        assertThat(change.get("old").stringValue()).isEqualTo("2.5");
        assertThat(change.get("new").stringValue()).isEqualTo("2.0");
        assertThat(lasting(child).subList(0, 10)).isEqualTo(lasting(parent).subList(0, 10));
        assertThat(metrics(child).get(10).get("loss/stabiliser"))
                .isNotEqualTo(metrics(parent).get(10).get("loss/stabiliser"));
        assertThat(metrics(child)).hasSize(STEPS + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "adapter.r=4, adapter.r",
        "model.config.hidden_size=32, model.config.hidden_size",
        "data.pairs=10, data.pairs",
        "seeds.order=3, seeds.order",
        "optimization.batchPairs=2, optimization.batchPairs",
        "optimization.maxSteps=3, optimization.maxSteps",
    })
    void aForkCannotChangeWhatTheStateDependsOn(String change, String named)
            throws InterruptedException {
        changes.add("optimization.maxSteps=4");
        RunDirectory parent = train("parent");
        Path child = folder.resolve("child");

        assertThatThrownBy(() -> new Fork(parent, 3, List.of(change)).make(child))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.kind()).isEqualTo(Problem.Kind.BAD_REQUEST);
                            assertThat(problem.what()).contains(named);
                        });
        assertThat(child).doesNotExist();
    }

    @Test
    void aForkNeedsACheckpoint() throws InterruptedException {
        changes.add("optimization.maxSteps=4");
        RunDirectory parent = train("parent");

        assertThatThrownBy(() -> new Fork(parent, 2, List.of()).make(null))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.what()).contains("no checkpoint of step 2");
                            assertThat(problem.remedy()).contains("3");
                        });
    }

    @Test
    void anEditHoldsFromTheNextStepAndIsMadeAgainAfterAResume()
            throws InterruptedException, IOException {
        changes.add("checkpoint.everySteps=null");
        changes.add("optimization.schedule=constant");
        RunDirectory plain = train("plain");
        RunDirectory whole = directory("whole");
        run("whole").alsoMeasuring(when(5, _ -> edit(whole))).run();
        RunDirectory cut = directory("cut");
        TrainingRun interrupted =
                run("cut")
                        .alsoMeasuring(when(5, _ -> edit(cut)))
                        .alsoMeasuring(when(12, InterruptionTest::cutThePower));
        assertThatThrownBy(interrupted::run).hasCauseInstanceOf(PowerCut.class);

        TrainingRun.resume(cut.path(), _ -> {}).run();

        JsonNode edited = events(cut, "edited").getFirst();
        assertThat(edited.get("step").intValue()).isEqualTo(5);
        assertThat(edited.get("path").stringValue()).isEqualTo("optimization.learningRate");
        assertThat(edited.get("old").doubleValue()).isEqualTo(1e-2);
        assertThat(edited.get("new").doubleValue()).isEqualTo(3e-3);
        assertThat(edited.get("by").stringValue()).isEqualTo("ada");
        assertThat(events(cut, "edited")).hasSize(2);
        assertThat(rates(cut).subList(0, 7))
                .containsExactly("0.01", "0.01", "0.01", "0.01", "0.01", "0.003", "0.003");
        assertThat(lasting(cut).subList(0, 6)).isEqualTo(lasting(plain).subList(0, 6));
        assertThat(lasting(cut).get(6).get("loss/anchor"))
                .isNotEqualTo(lasting(plain).get(6).get("loss/anchor"));
        assertSame(cut, whole);
    }

    private static List<String> rates(RunDirectory run) {
        return metrics(run).stream()
                .filter(line -> line.has("learning_rate"))
                .map(line -> line.get("learning_rate").toString())
                .toList();
    }

    private static void edit(RunDirectory run) {
        Control control = new Control(run.control());
        control.ask(new Control.Edit("optimization.learningRate", 3e-3, "ada"));
        await(() -> events(run, "edit").size() == 1);
        control.ask(new Control.Edit("objective.anchor.weight", 0.7));
        await(() -> events(run, "edit").size() == 2);
    }

    @Test
    void anEditThatCannotBeIsRefusedAndChangesNothing() throws InterruptedException, IOException {
        RunDirectory plain = train("plain");
        RunDirectory asked = directory("asked");
        run("asked")
                .alsoMeasuring(
                        when(
                                5,
                                _ -> {
                                    Control control = new Control(asked.control());
                                    control.ask(new Control.Edit("optimization.learningRate", -1));
                                    control.ask(new Control.Edit("objective.anchor.height", 1));
                                    control.ask(new Control.Edit("optimization.beta1", 0.5));
                                    await(() -> events(asked, "edit").size() == 3);
                                }))
                .run();

        assertThat(events(asked, "edit-refused"))
                .extracting(event -> event.get("problem").stringValue())
                .anyMatch(problem -> problem.contains("learningRate is -1"))
                .anyMatch(problem -> problem.contains("objective.anchor.height"))
                .anyMatch(problem -> problem.contains("optimization.beta1"));
        assertSame(asked, plain);
    }

    @Test
    void aForkTakesTheEditsOfItsParentAlong() throws InterruptedException, IOException {
        RunDirectory parent = directory("parent");
        run("parent").alsoMeasuring(when(5, _ -> edit(parent))).run();

        RunDirectory child = new Fork(parent, 9, List.of()).make(null);
        TrainingRun.resume(child.path(), _ -> {}).run();

        assertSame(child, parent);
        assertThat(child.readSpec().optimization().learningRate()).isEqualTo(3e-3);
    }

    @Test
    void theNextStageStartsFromTheFirstOnesResult() throws InterruptedException {
        changes.addAll(
                List.of(
                        "stage=sft",
                        "data.split=sft",
                        "then={\"stage\":\"preference\",\"objective\":\"dpo\",\"data\":{\"split\":\"preference\"},"
                                + "\"optimization\":{\"maxSteps\":3}}"));
        TrainingRun first = run("staged");
        first.run();
        TrainingRun second = requireNonNull(first.next());
        second.run();

        RunDirectory preference = new RunDirectory(second.folder());
        assertThat(preference.name()).isEqualTo("staged-preference");
        assertThat(second.next()).isNull();
        assertThat(metrics(preference)).hasSize(4);
        assertThat(metrics(preference).get(1).get("loss").doubleValue())
                .as("the reference is the result of the first stage")
                .isCloseTo(Math.log(2), dev.slimelab.engine.Tolerances.FLOAT32);
        assertThat(metrics(preference).getFirst().get("probe/chosen").doubleValue())
                .as("measured under the result of the first stage")
                .isEqualTo(
                        metrics(directory("staged")).getLast().get("probe/chosen").doubleValue());
    }

    @Test
    void aStageThatCannotBeIsRefusedBeforeTheFirstIsTrained() {
        changes.add("then={\"stage\":\"preference\",\"objektive\":\"dpo\"}");

        assertThatThrownBy(() -> run("staged").run())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("then")
                .hasMessageContaining("objektive");
        assertThat(directory("staged").path()).doesNotExist();
    }

    private RunDirectory train(String name) throws InterruptedException {
        assertThat(run(name).run()).isEqualTo(State.FINISHED);
        return directory(name);
    }

    private RunDirectory crash(String name, int step) {
        TrainingRun training = run(name).alsoMeasuring(when(step, InterruptionTest::cutThePower));
        assertThatThrownBy(training::run).hasCauseInstanceOf(PowerCut.class);
        return directory(name);
    }

    private static void cutThePower(int step) {
        throw new PowerCut();
    }

    private TrainingRun run(String name) {
        return new TrainingRun(
                SmallRuns.spec(folder, changes.toArray(String[]::new)),
                folder.resolve(name),
                _ -> {});
    }

    private RunDirectory directory(String name) {
        return new RunDirectory(folder.resolve(name));
    }

    private static Evaluator.Measurement when(int step, IntConsumer action) {
        return (measured, _) -> {
            if (measured == step) {
                action.accept(step);
            }
            return Map.of();
        };
    }

    /// Polls, because what is awaited happens in another thread or process through files.
    private static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        }
    }
}
