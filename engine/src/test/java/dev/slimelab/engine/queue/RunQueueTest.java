package dev.slimelab.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry.State;
import dev.slimelab.engine.queue.RunQueue.OnFailure;
import dev.slimelab.engine.queue.RunQueue.Settings;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The queue on disk: who gets what, in which order, and what becomes of it.
class RunQueueTest {
    private static final WorkerId GONE =
            new WorkerId(Long.MAX_VALUE, Instant.EPOCH, RunStatus.localHost());

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private RunQueue queue;

    /// Trains by writing what an engine would have left.
    private static final class FakeEngine implements Worker.Engine {
        private final List<String> trained = new ArrayList<>();
        private Set<String> failing = Set.of();

        @Override
        public RunStatus.State train(RunDirectory run) {
            trained.add(run.name());
            if (failing.contains(run.name())) {
                status(run, RunStatus.State.FAILED);
                throw Problem.failed(run.name() + " failed.", "Look.");
            }
            status(run, RunStatus.State.FINISHED);
            return RunStatus.State.FINISHED;
        }

        @Override
        public void stop() {}
    }

    private final FakeEngine engine = new FakeEngine();

    @BeforeEach
    void fill() throws IOException {
        queue = new RunQueue(folder);
        List<RunDirectory> runs = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            RunDirectory run = new RunDirectory(folder.resolve(name));
            Files.createDirectories(run.path());
            Files.writeString(
                    run.spec(),
                    """
                    {"name": "%s", "model": {"path": "m"}, "data": {"format": "tiny-lab"}}
                    """
                            .formatted(name));
            runs.add(run);
        }
        queue.add(runs);
    }

    @Test
    void runsAreTakenInTheirOrder() throws InterruptedException {
        work();
        assertThat(engine.trained).containsExactly("a", "b", "c", "d");
        assertThat(states())
                .containsExactly("a finished", "b finished", "c finished", "d finished");
    }

    @Test
    void prioritiesGoBeforeOrderAndRunsCanBeMoved() throws InterruptedException {
        queue.prioritise(id("d"), 1);
        queue.move(id("c"), id("a"));
        work();
        assertThat(engine.trained).containsExactly("d", "c", "a", "b");
    }

    @Test
    void aRunMovedToTheEndIsTakenLast() throws InterruptedException {
        queue.move(id("a"), null);
        queue.move(id("d"), id("c"));
        work();
        assertThat(engine.trained).containsExactly("b", "d", "c", "a");
    }

    @Test
    void aCancelledRunIsPassedOverAndCanBeTriedAgain() throws InterruptedException {
        queue.cancel(id("b"));
        work();
        assertThat(states()).contains("b cancelled");
        queue.retry(id("b"));
        work();
        assertThat(engine.trained).containsExactly("a", "c", "d", "b");
    }

    @Test
    void cancellingWhatIsTrainedAsksItsEngineToStop() {
        Entry claimed = requireNonNull(queue.claim(WorkerId.self(), _ -> true));
        queue.cancel(claimed.id());
        assertThat(new Control(queue.run(claimed).control()).take())
                .containsExactly(Control.Request.STOP);
        queue.end(claimed, State.STOPPED, null);
        assertThat(states()).contains("a cancelled");
    }

    @Test
    void aFailureStopsTheQueueWhereThatIsAsked() throws InterruptedException {
        queue.change(new Settings(1, OnFailure.STOP, 0, false));
        engine.failing = Set.of("b");
        work();
        assertThat(states()).containsExactly("a finished", "b failed", "c waiting", "d waiting");
        assertThat(entry("b").progress().why()).isEqualTo("b failed.");
        queue.cancel(id("b"));
        work();
        assertThat(engine.trained).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aFailedRunIsTriedAgainAsOftenAsAllowed() throws InterruptedException {
        queue.change(new Settings(1, OnFailure.CONTINUE, 2, false));
        RunDirectory late = new RunDirectory(folder.resolve("d"));
        RunQueue other = queue;
        other.cancel(id("d"));
        other.add(List.of(late));
        engine.failing = Set.of("d");
        work();
        assertThat(engine.trained).containsExactly("a", "b", "c", "d", "d", "d");
    }

    @Test
    void nothingIsBegunWhilePaused() throws InterruptedException {
        queue.change(queue.settings().pause(true));
        work();
        assertThat(engine.trained).isEmpty();
        assertThat(queue.isHeld()).isTrue();
    }

    @Test
    void aRunWhoseWorkerDiedIsTakenUpAgainAndOneThatFinishedIsNot() throws InterruptedException {
        Entry first = requireNonNull(queue.claim(GONE, _ -> true));
        status(queue.run(first), RunStatus.State.FINISHED);
        requireNonNull(queue.claim(GONE, _ -> true));
        work();
        assertThat(engine.trained).containsExactly("b", "c", "d");
        assertThat(entry("b").progress().interruptions()).isEqualTo(1);
        assertThat(entry("b").progress().attempt()).isEqualTo(1);
        assertThat(states()).doesNotContain("a waiting", "a running");
    }

    @Test
    void aRunThatKillsItsEngineEveryTimeIsGivenUp() {
        queue.prioritise(id("a"), 1);
        for (int i = 0; i <= RunQueue.MOST_INTERRUPTIONS; i++) {
            assertThat(requireNonNull(queue.claim(GONE, _ -> true)).request().run()).isEqualTo("a");
        }
        assertThat(requireNonNull(queue.claim(GONE, _ -> true)).request().run()).isEqualTo("b");
        assertThat(entry("a").state()).isEqualTo(State.FAILED);
        assertThat(entry("a").progress().why()).startsWith("Its engine died 6 times");
    }

    @Test
    void aRunWhoseWorkerLivesIsLeftToIt() throws InterruptedException {
        requireNonNull(queue.claim(WorkerId.self(), _ -> true));
        work();
        assertThat(engine.trained).containsExactly("b", "c", "d");
        assertThat(states()).contains("a running");
    }

    @Test
    void aGpuIsForOneRunAtATime() throws InterruptedException {
        List.of("a", "b", "d").forEach(this::needsAGpu);
        queue.change(queue.settings().atOnce(3));
        assertThat(queue.claimable()).as("one on the GPU, one on the CPU").isEqualTo(2);
        Entry onGpu = requireNonNull(queue.claim(WorkerId.self(), _ -> true));
        assertThat(onGpu.request().run()).isEqualTo("a");
        assertThat(requireNonNull(queue.claim(WorkerId.self(), _ -> true)).request().run())
                .isEqualTo("c");
        assertThat(queue.claim(WorkerId.self(), _ -> true)).isNull();
        assertThat(queue.claimable()).isZero();
        status(queue.run(onGpu), RunStatus.State.PAUSED);
        assertThat(queue.claimable()).as("a paused run has left its GPU").isEqualTo(1);
        status(queue.run(onGpu), RunStatus.State.FINISHED);
        queue.end(onGpu, State.FINISHED, null);
        assertThat(requireNonNull(queue.claim(WorkerId.self(), _ -> true)).request().run())
                .isEqualTo("b");
    }

    @Test
    void aWorkerLoadsOneLibtorchAndLeavesOtherRunsToOthers() throws InterruptedException {
        List.of("b", "d").forEach(this::needsAGpu);
        work();
        assertThat(engine.trained).containsExactly("a", "c");
        work();
        assertThat(engine.trained).containsExactly("a", "c", "b", "d");
    }

    /// The last number there is, which no machine has that tests run on.
    private void needsAGpu(String run) {
        try {
            Path spec = folder.resolve(run).resolve("spec.json");
            Files.writeString(
                    spec,
                    Files.readString(spec)
                            .replace("\"data\"", "\"device\": \"cuda:63\", \"data\""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aSecondWorkerNeedsAPlaceOfItsOwn() throws InterruptedException {
        queue.change(queue.settings().atOnce(1));
        new Worker(
                        queue,
                        new Worker.Engine() {
                            @Override
                            public RunStatus.State train(RunDirectory run)
                                    throws InterruptedException {
                                work(); // all places are taken
                                status(run, RunStatus.State.FINISHED);
                                return RunStatus.State.FINISHED;
                            }

                            @Override
                            public void stop() {}
                        })
                .work();
        assertThat(engine.trained).isEmpty();
    }

    @Test
    void aNumberOfRunsAtOnceThatCannotBeIsRefused() {
        assertThatThrownBy(() -> queue.settings().atOnce(0))
                .isInstanceOf(Problem.class)
                .hasMessage("0 runs at once cannot be. Give 1 to 64.");
    }

    /// Two at once: a took 10 s, b is 4 s in, c and d wait: b ends at 6, c at 10, d at 16.
    @Test
    void theForecastFillsPlacesInTurn() {
        Instant now = Instant.parse("2026-01-01T00:00:10Z");
        List<Entry> entries =
                List.of(
                        ended(now.minusSeconds(10), now),
                        begun(now.minusSeconds(4)),
                        waiting(),
                        waiting());
        assertThat(Forecast.remaining(entries, 2, now)).isEqualTo(Duration.ofSeconds(16));
        assertThat(Forecast.remaining(List.of(waiting()), 2, now)).isNull();
        assertThat(QueueProgress.summary(entries, 2, now))
                .isEqualTo("1 of 4 finished, 1 running, about 16 s left");
    }

    private static Entry ended(Instant from, Instant to) {
        return entry(new Entry.Progress(State.FINISHED, 1, 0, GONE, from, to, null));
    }

    private static Entry begun(Instant from) {
        return entry(new Entry.Progress(State.RUNNING, 1, 0, GONE, from, null, null));
    }

    private static Entry waiting() {
        return entry(Entry.Progress.NONE);
    }

    private static Entry entry(Entry.Progress progress) {
        return new Entry("000001", new Entry.Request("a", 0, 1, false, 1), progress, null);
    }

    private void work() throws InterruptedException {
        new Worker(queue, engine).work();
    }

    private String id(String run) {
        return entry(run).id();
    }

    private Entry entry(String run) {
        return queue.entries().stream()
                .filter(entry -> entry.request().run().equals(run))
                .findFirst()
                .orElseThrow();
    }

    private List<String> states() {
        return queue.entries().stream()
                .map(
                        e ->
                                e.request().run()
                                        + " "
                                        + e.state().name().toLowerCase(java.util.Locale.ROOT))
                .toList();
    }

    private static void status(RunDirectory run, RunStatus.State state) {
        new RunStatus(state, 1, 1, 1, 0.0, 1, RunStatus.localHost(), Instant.now(), null)
                .write(run.status());
    }
}
