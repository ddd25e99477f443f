package dev.slimelab.engine.queue;

import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry.State;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/// Trains one run of the queue after another, all in one process, so that they share its start, its
/// compiled code and what it has read.
public final class Worker {
    private static final Duration RUN_OF_ANOTHER = Duration.ofMillis(500);

    private final RunQueue queue;
    private final Engine engine;
    private @Nullable Entry last;
    private volatile boolean stopped;

    /// Trains a run to its end, from where it stands.
    public interface Engine {
        /// Trains a run, in this thread.
        ///
        /// @return how it ended: finished or stopped
        /// @throws Problem where it failed
        RunStatus.State train(RunDirectory run) throws InterruptedException;

        /// Asks for an orderly end of the run in progress.
        void stop();
    }

    public Worker(RunQueue queue, Engine engine) {
        this.queue = queue;
        this.engine = engine;
    }

    /// Works until nothing can be begun, or all places are taken by other workers.
    public void work() throws InterruptedException {
        for (int slot = 0; slot < queue.settings().atOnce(); slot++) {
            try (HeldFile place = HeldFile.tryTake(queue.slots().resolve(slot + ".lock"))) {
                if (place != null) {
                    RunQueue.write(queue.slots().resolve(slot + ".json"), WorkerId.self());
                    work(slot);
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Ends orderly: the run in progress saves its state, and waits in the queue to be gone on
    /// with.
    public void stop() {
        stopped = true;
        engine.stop();
    }

    private void work(int slot) throws InterruptedException {
        while (!stopped && slot < queue.settings().atOnce()) {
            Entry before = last;
            Entry claimed =
                    queue.claim(
                            WorkerId.self(), entry -> before == null || isOnLike(before, entry));
            if (claimed == null) {
                return;
            }
            last = claimed;
            train(claimed);
        }
    }

    /// A process loads one libtorch, for the CPU or for GPUs; other runs are for other workers.
    private boolean isOnLike(Entry one, Entry other) {
        return queue.gpus(one).isEmpty() == queue.gpus(other).isEmpty();
    }

    private void train(Entry claimed) throws InterruptedException {
        try {
            RunStatus.State state = engine.train(queue.run(claimed));
            if (state == RunStatus.State.FINISHED) {
                queue.end(claimed, State.FINISHED, null);
            } else {
                queue.end(claimed, stopped ? State.WAITING : State.STOPPED, null);
            }
        } catch (Problem problem) {
            if (isTrainedElsewhere(claimed)) {
                queue.end(claimed, State.WAITING, null);
                Thread.sleep(RUN_OF_ANOTHER);
                return;
            }
            queue.end(claimed, State.FAILED, problem.what());
            if (problem.getCause() instanceof OutOfMemoryError) {
                stopped = true; // a fresh process has its memory back
            }
        }
    }

    private boolean isTrainedElsewhere(Entry claimed) {
        RunStatus status = RunStatus.read(queue.run(claimed).status(), Instant.now());
        return status != null && !status.state().isFinal();
    }
}
