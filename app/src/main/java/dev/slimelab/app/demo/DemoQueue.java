package dev.slimelab.app.demo;

import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Trains several specs, a few at a time, each in an engine process of its own.
final class DemoQueue {
    private static final Duration POLL = Duration.ofMillis(250);

    /// An engine that has not said a word by then has died on the way up.
    private static final Duration FIRST_WORD = Duration.ofSeconds(60);

    private final EngineProcess engines;
    private final Deque<RunSpec> waiting;
    private final List<Standing> standings = new ArrayList<>();
    private final int atOnce;

    /// Where one run of the queue stands.
    ///
    /// @param run null while it waits
    /// @param status null until the engine's first word
    record Standing(
            String name,
            @Nullable RunDirectory run,
            @Nullable RunStatus status,
            @Nullable Instant started) {
        boolean isUnderWay() {
            return run != null && (status == null || !status.state().isFinal());
        }

        Standing read(Instant now) {
            return run == null
                    ? this
                    : new Standing(name, run, RunStatus.read(run.status(), now), started);
        }
    }

    DemoQueue(EngineProcess engines, List<RunSpec> specs, int atOnce) {
        this.engines = engines;
        this.waiting = new ArrayDeque<>(specs);
        this.atOnce = atOnce;
        specs.forEach(spec -> standings.add(new Standing(spec.name(), null, null, null)));
    }

    /// Runs to the end of the queue.
    ///
    /// @param watcher is told where all runs stand, a few times a second
    /// @return the runs in the order of the specs
    /// @throws Problem where an engine does not start
    List<Standing> run(Consumer<List<Standing>> watcher) throws InterruptedException {
        while (true) {
            Instant now = Instant.now();
            standings.replaceAll(standing -> standing.read(now));
            standings.forEach(standing -> requireAWord(standing, now));
            while (!waiting.isEmpty()
                    && standings.stream().filter(Standing::isUnderWay).count() < atOnce) {
                start(waiting.remove(), now);
            }
            watcher.accept(List.copyOf(standings));
            if (waiting.isEmpty() && standings.stream().noneMatch(Standing::isUnderWay)) {
                return List.copyOf(standings);
            }
            Thread.sleep(POLL);
        }
    }

    private void start(RunSpec spec, Instant now) {
        RunDirectory run = engines.start(spec);
        standings.replaceAll(
                standing ->
                        standing.name().equals(spec.name())
                                ? new Standing(spec.name(), run, null, now)
                                : standing);
    }

    private static void requireAWord(Standing standing, Instant now) {
        if (standing.run() != null
                && standing.status() == null
                && standing.started() != null
                && Duration.between(standing.started(), now).compareTo(FIRST_WORD) > 0) {
            throw Problem.failed(
                    "The engine of " + standing.name() + " did not start.",
                    "Its last words are in " + standing.run().path().resolve("log.txt") + ".");
        }
    }
}
