package dev.slimelab.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.FakeRuns.Course;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.LiveViewModel.Face;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.token.TokenPicture;
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

    private LiveViewModel live(Background background) {
        EngineProcess engines = EngineProcess.ofThisInstallation(folder);
        return new LiveViewModel(background, new ModifyViewModel(background, engines, _ -> {}));
    }

    /// A run that the engine wrote, with all that a run leaves.
    private ShownRun recorded(String name) {
        Path run = Path.of("..", "sample-runs", name).toAbsolutePath().normalize();
        RunReader reader =
                new RunReader(
                        new RunLibrary(folder, run.resolveSibling(""), Clock.systemUTC()),
                        Clock.systemUTC());
        reader.watch(Set.of(run));
        RunReader.Reading reading = Objects.requireNonNull(reader.poll());
        return reading.runs().stream()
                .filter(entry -> entry.id().equals(run))
                .map(
                        entry ->
                                new ShownRun(
                                        entry,
                                        Hue.BLUE,
                                        Objects.requireNonNull(reading.metrics().get(run)),
                                        reading.journal()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theJournalHoldsWhatARunWritesBesideItsMetrics() {
        ShownRun simpo = recorded("simpo");
        assertThat(simpo.journal().tokenSteps()).hasSize(17).startsWith(0, 10).endsWith(160);
        assertThat(simpo.journal().sampleSteps()).hasSize(17);
        assertThat(simpo.journal().marks())
                .anySatisfy(
                        mark -> {
                            assertThat(mark.step()).isEqualTo(70);
                            assertThat(mark.words()).contains("unlearns");
                        });
        assertThat(simpo.journal().raised())
                .extracting(RunEvent.Alarm::name)
                .contains("displacement");
    }

    @Test
    void theJournalFollowsARunThatIsResumedFromAnEarlierStep() throws IOException {
        RunDirectory run = FakeRuns.begin(folder.resolve("run"), FakeRuns.spec("slime"));
        Files.createDirectories(run.tokens());
        for (int step : List.of(0, 10, 20)) {
            Files.writeString(
                    run.tokens().resolve("step-%06d.json".formatted(step)),
                    "{\"step\":" + step + ",\"histogram/rejected\":[1,2]}");
        }
        JournalTail tail = new JournalTail(run);
        assertThat(tail.poll()).isTrue();
        assertThat(tail.journal().tokenSteps()).containsExactly(0, 10, 20);
        assertThat(tail.poll()).isFalse();
        Files.delete(run.tokens().resolve("step-000020.json"));
        Files.writeString(
                run.events(),
                "{\"event\":\"resumed\",\"step\":10}\n"
                        + "{\"event\":\"edited\",\"step\":10,\"path\":\"optimization.learningRate\","
                        + "\"old\":0.001,\"new\":0.0001,\"by\":\"ada\"}\n");
        assertThat(tail.poll()).isTrue();
        assertThat(tail.journal().tokenSteps()).containsExactly(0, 10);
        assertThat(tail.journal().events())
                .extracting(RunEvent::sentence)
                .containsExactly(
                        "Resumed after step 10.",
                        "optimization.learningRate 0.001 → 1e−4, by ada.");
    }

    @Test
    void theVerdictOnARecordedRunNamesTheTermAndWhereToSeeIt() {
        Verdict verdict = Verdict.of(recorded("dpo"));
        assertThat(verdict.sentence())
                .startsWith("Chosen likelihood fell: −0.15 nat per token since step 0.")
                .contains("The contrast term was responsible (100\u202f% of the gradient).");
        assertThat(verdict.evidence()).isEqualTo(ChartSpec.GRADIENT_SHARE);
        Verdict slime = Verdict.of(recorded("slime"));
        assertThat(slime.sentence()).contains("The answers are losing their shape");
        assertThat(slime.evidence()).isEqualTo(ChartSpec.ENTROPY);
    }

    @Test
    void anEnlargedChartChangesPlacesWithTheUsualOne() {
        LiveViewModel live = live(new Background(Runnable::run));
        ShownRun simpo = recorded("simpo");
        live.show(List.of(simpo), simpo);
        assertThat(live.tiles().get())
                .extracting(LiveViewModel.Tile::spec)
                .contains(ChartSpec.MARGIN, ChartSpec.TOKEN_LOGPROBS)
                .doesNotContain(ChartSpec.LIKELIHOOD, ChartSpec.DUAL_MARGIN); // not SimPO's
        live.enlarge(ChartSpec.MARGIN);
        assertThat(live.home().figure().get().title()).isEqualTo("Margin");
        assertThat(live.tiles().get().getFirst().spec()).isEqualTo(ChartSpec.LIKELIHOOD);
        live.enlarge(null);
        assertThat(live.tiles().get().getFirst().spec()).isEqualTo(ChartSpec.MARGIN);
    }

    /// The numbers are those of the files: `logps.rejected[0][0]` of steps 0 and 160.
    @Test
    void aTokenIsShadedByItsLogProbItsChangeOrATermsPush() throws Exception {
        ShownRun simpo = recorded("simpo");
        RunDirectory run = simpo.entry().directory();
        TokenFiles.Facts start = Objects.requireNonNull(TokenFiles.facts(run, 0));
        TokenFiles.Facts end = Objects.requireNonNull(TokenFiles.facts(run, 160));
        List<TokenFiles.Pair> pairs = TokenFiles.pairs(run);
        double before = start.logps().of(0, TokenFiles.Side.REJECTED).getFirst();
        double after = end.logps().of(0, TokenFiles.Side.REJECTED).getFirst();
        assertThat(rejected(pairs, end, start, ProbePicture.Quantity.LOGP).value())
                .isEqualTo(after);
        assertThat(rejected(pairs, end, start, ProbePicture.Quantity.CHANGE).value())
                .isEqualTo(after - before);
        ProbePicture.Quantity push =
                ProbePicture.Quantity.of(end).stream()
                        .filter(quantity -> "contrast".equals(quantity.term()))
                        .findFirst()
                        .orElseThrow();
        TokenPicture.Cell cell = rejected(pairs, end, start, push);
        assertThat(cell.text()).isEqualTo("Right");
        assertThat(cell.value()).isNegative(); // ∂L/∂logp of a rejected token is above 0
        assertThat(cell.facts()).containsKeys("log-prob", "probability", "since step 0");
    }

    private static TokenPicture.Cell rejected(
            List<TokenFiles.Pair> pairs,
            TokenFiles.Facts facts,
            TokenFiles.Facts start,
            ProbePicture.Quantity quantity) {
        return ProbePicture.of(pairs, 0, facts, start, quantity)
                .tokens()
                .answers()
                .get(1)
                .cells()
                .getFirst();
    }

    @Test
    void tokensFollowTheChosenStep() throws Exception {
        List<Runnable> window = new ArrayList<>();
        var arrived = new java.util.concurrent.Semaphore(0);
        LiveViewModel live =
                live(
                        new Background(
                                task -> {
                                    synchronized (window) {
                                        window.add(task);
                                    }
                                    arrived.release();
                                }));
        ShownRun simpo = recorded("simpo");
        live.show(List.of(simpo), simpo);
        TokensViewModel tokens = live.tokens();
        assertThat(tokens.picture().get()).isNull();
        tokens.look(true);
        assertThat(tokens.instead().get()).isEqualTo("Reading the tokens of step 160…");
        for (int file = 0; file < 2; file++) { // step 160, then step 0
            arrived.acquire();
            synchronized (window) {
                window.removeFirst().run();
            }
        }
        assertThat(Objects.requireNonNull(tokens.picture().get()).tokens().answers()).hasSize(2);
        assertThat(tokens.pairs().get()).isEqualTo(8);
        live.home().chosenStep().set(47);
        arrived.acquire();
        synchronized (window) {
            window.removeFirst().run();
        }
        double mean =
                Objects.requireNonNull(tokens.picture().get())
                        .tokens()
                        .answers()
                        .getFirst()
                        .cells()
                        .stream()
                        .mapToDouble(TokenPicture.Cell::value)
                        .average()
                        .orElseThrow();
        TokenFiles.Facts facts =
                Objects.requireNonNull(TokenFiles.facts(simpo.entry().directory(), 40));
        assertThat(mean)
                .isEqualTo(
                        facts.logps().of(0, TokenFiles.Side.CHOSEN).stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElseThrow());
    }

    @Test
    void answersAreComparedWordByWord() {
        AnswerChange change =
                AnswerChange.of(
                        new Journal.Sample(0, "Add.", "Okay! The sum is 135", true),
                        new Journal.Sample(40, "Add.", "Okay! The total sum: 135", true));
        assertThat(change.before().pieces().stream().filter(AnswerChange.Piece::differs))
                .extracting(piece -> piece.text().strip())
                .contains("is");
        assertThat(change.after().text()).isEqualTo("Okay! The total sum: 135");
        assertThat(change.isSame()).isFalse();
    }

    @Test
    void answersOfTheChosenStepStandBesideTheFirst() {
        LiveViewModel live = live(new Background(Runnable::run));
        ShownRun simpo = recorded("simpo");
        live.show(List.of(simpo), simpo);
        assertThat(live.answers().answers().get()).hasSize(4);
        assertThat(live.answers().answers().get().getFirst().after().step()).isEqualTo(160);
        live.home().chosenStep().set(25);
        assertThat(live.answers().answers().get().getFirst().after().step()).isEqualTo(20);
        live.show(List.of(), null);
        assertThat(live.answers().answers().get()).isEmpty();
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
        LiveViewModel live = live(new Background(Runnable::run));
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
                live(
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
