package dev.slimelab.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.FakeRuns.Course;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.LiveViewModel.Face;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.Failure;
import dev.slimelab.engine.run.RunStatus.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

class LiveTest {
    @TempDir private Path folder;

    @Test
    void aKeyThatALineLacksWasNotMeasured() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(
                file, "{\"step\":0,\"loss\":1.5,\"score/greedy\":8}\n{\"step\":1,\"loss\":1.25}\n");
        MetricsTail tail = new MetricsTail(file);
        assertThat(tail.poll()).isTrue();
        assertThat(series(tail, "loss").size()).isEqualTo(2);
        assertThat(series(tail, "score/greedy").size()).isEqualTo(1);
        assertThat(tail.poll()).isFalse();
    }

    @Test
    void aSnapshotDoesNotGrow() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, "{\"step\":0,\"loss\":1.5}\n");
        MetricsTail tail = new MetricsTail(file);
        tail.poll();
        Series before = series(tail, "loss");
        Files.writeString(file, "{\"step\":1,\"loss\":1.25}\n", StandardOpenOption.APPEND);
        assertThat(tail.poll()).isTrue();
        assertThat(before.size()).isEqualTo(1);
        assertThat(series(tail, "loss").last()).isEqualTo(1.25);
    }

    @Test
    void aFileThatShrankIsReadAgain() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(
                file,
                "{\"step\":0,\"loss\":1}\n{\"step\":1,\"loss\":2}\n{\"step\":2,\"loss\":3}\n");
        MetricsTail tail = new MetricsTail(file);
        tail.poll();
        Files.writeString(file, "{\"step\":0,\"loss\":1}\n");
        assertThat(tail.poll()).isTrue();
        assertThat(series(tail, "loss").size()).isEqualTo(1);
    }

    @Test
    void nothingNewIsNoReading() {
        FakeRuns.writeSamples(folder.resolve("samples"));
        RunReader reader = reader();
        assertThat(reader.poll()).isNotNull();
        assertThat(reader.poll()).isNull();
        reader.watch(Set.of(folder.resolve("samples/slime").toAbsolutePath()));
        assertThat(Objects.requireNonNull(reader.poll()).metrics()).hasSize(1);
    }

    @Test
    void theVerdictNamesAFallAndTheTermBehindIt() {
        Verdict verdict = Verdict.of(shown("dpo", new Course(-0.29, -0.95, 3.47, 2.71)));
        assertThat(verdict.tone()).isEqualTo(Verdict.Tone.BAD);
        assertThat(verdict.sentence())
                .contains("Chosen likelihood fell: −0.28 nat per token since step 0.")
                .contains("The contrast term was responsible (83\u202f% of the gradient).")
                .contains("Answers break down");
    }

    @Test
    void theVerdictSaysWhenThePreferenceIsLearntAndTheLanguageKept() {
        Verdict verdict = Verdict.of(shown("slime", new Course(-0.02, -0.4, 8.5, 6.5)));
        assertThat(verdict.tone()).isEqualTo(Verdict.Tone.GOOD);
        assertThat(verdict.sentence()).startsWith("The preference was learnt");
    }

    @Test
    void oneRunHasNumbersAndSeveralHaveATable() {
        LiveViewModel live = new LiveViewModel(new Background(Runnable::run));
        assertThat(live.face().get()).isEqualTo(Face.LOADING);
        ShownRun slime = shown("slime", new Course(-0.02, -0.4, 8.5, 6.5));
        live.show(List.of(slime), slime);
        assertThat(live.face().get()).isEqualTo(Face.SINGLE);
        assertThat(live.headlines().get()).hasSize(4);
        assertThat(Objects.requireNonNull(live.progress().get()).step())
                .isEqualTo("step 160 / 160");
        live.show(List.of(slime, shown("dpo", new Course(-0.3, -1, 3, 2))), null);
        assertThat(live.face().get()).isEqualTo(Face.COMPARISON);
        assertThat(live.comparison().get())
                .extracting(ComparisonRow::name)
                .containsExactly("slime", "dpo");
        assertThat(live.home().figure().get().title())
                .isEqualTo("Change of log-likelihood since step 0");
        assertThat(live.progress().get()).isNull();
        live.show(List.of(), null);
        assertThat(live.face().get()).isEqualTo(Face.EMPTY);
    }

    @Test
    void aLossIsPlacedAtTheStepOfTheProgressBar() {
        RunDirectory run =
                FakeRuns.at(
                        folder.resolve("runs/gone"), FakeRuns.spec("slime"), State.TRAINING, 40);
        new RunStatus(
                        State.TRAINING,
                        37, // said two seconds before the end
                        160,
                        0,
                        null,
                        Long.MAX_VALUE,
                        RunStatus.localHost(),
                        Instant.now(),
                        null)
                .write(run.status());
        ShownRun shown = shown(run.path());
        assertThat(Objects.requireNonNull(Trouble.of(shown, "")).title())
                .isEqualTo("The engine was lost at step 39.");
        assertThat(Progress.of(shown).step()).isEqualTo("step 39 / 160");
    }

    @Test
    void aFailureIsExplainedWithTheEndOfTheLog() throws Exception {
        RunDirectory run =
                FakeRuns.failed(
                        folder.resolve("runs/bad"),
                        FakeRuns.spec("slime"),
                        3,
                        new Failure("The loss is not a number.", "Lower the learning rate."),
                        List.of("step 2", "step 3 NaN"));
        List<Runnable> window = new ArrayList<>();
        var arrived = new java.util.concurrent.CountDownLatch(1);
        LiveViewModel live =
                new LiveViewModel(
                        new Background(
                                task -> {
                                    window.add(task);
                                    arrived.countDown();
                                }));
        ShownRun shown = shown(run.path());
        live.show(List.of(shown), shown);
        arrived.await();
        window.forEach(Runnable::run);
        Trouble trouble = Objects.requireNonNull(live.trouble().get());
        assertThat(trouble.what()).isEqualTo("The loss is not a number.");
        assertThat(trouble.remedy()).isEqualTo("Lower the learning rate.");
        assertThat(trouble.logTail()).endsWith("step 3 NaN");
        assertThat(trouble.report()).contains("The run failed.", "step 2");
    }

    private ShownRun shown(String name, Course course) {
        Path run = folder.resolve("samples").resolve(name);
        FakeRuns.finished(run, FakeRuns.spec(name), course);
        return shown(run);
    }

    private ShownRun shown(Path run) {
        Path id = run.toAbsolutePath();
        RunReader reader = reader();
        reader.watch(Set.of(id));
        RunReader.Reading reading = Objects.requireNonNull(reader.poll());
        Map<String, Series> metrics = Objects.requireNonNull(reading.metrics().get(id));
        return reading.runs().stream()
                .filter(entry -> entry.id().equals(id))
                .map(entry -> new ShownRun(entry, Hue.BLUE, metrics))
                .findFirst()
                .orElseThrow();
    }

    private RunReader reader() {
        Clock clock = Clock.systemUTC();
        return new RunReader(
                new RunLibrary(folder.resolve("runs"), folder.resolve("samples"), clock), clock);
    }

    private static Series series(MetricsTail tail, String key) {
        return Objects.requireNonNull(tail.series().get(key));
    }
}
