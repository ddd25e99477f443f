package dev.slimelab.engine;

import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.train.DataShelf;
import dev.slimelab.engine.train.TrainingRun;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

/// Trains what a queue asks for, and what follows by a spec's `then`, from where each stands.
final class QueuedTraining implements Worker.Engine {
    private final Consumer<String> log;
    private final DataShelf data;
    private @Nullable TrainingRun current;
    private boolean stopped;

    QueuedTraining(Consumer<String> log, DataShelf data) {
        this.log = log;
        this.data = data;
    }

    @Override
    public State train(RunDirectory run) throws InterruptedException {
        TrainingRun training = unfinished(run);
        while (training != null) {
            setCurrent(training);
            if (training.sharing(data).run() == State.STOPPED) {
                return State.STOPPED;
            }
            training = training.next();
        }
        return State.FINISHED;
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        if (current != null) {
            current.stop();
        }
    }

    private synchronized void setCurrent(TrainingRun training) {
        current = training;
        if (stopped) {
            training.stop();
        }
    }

    /// The first of a run and those that follow it that is not finished; null where all are.
    private @Nullable TrainingRun unfinished(RunDirectory first) {
        Consumer<String> named = sentence -> log.accept(first.name() + ": " + sentence);
        RunDirectory before = null;
        for (RunDirectory run = first; run != null; run = run.next()) {
            if (!Files.exists(run.status())) {
                return before == null
                        ? new TrainingRun(run.readSpec(), run.path(), named)
                        : new TrainingRun(before.readSpec(), before.path(), named).next();
            }
            RunStatus status = RunStatus.read(run.status(), Instant.now());
            if (status == null || status.state() != State.FINISHED) {
                return TrainingRun.resume(run.path(), named);
            }
            before = Objects.requireNonNull(run);
        }
        return null;
    }
}
