package dev.slimelab.engine.train;

import dev.slimelab.engine.problem.Problem;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Makes the batch of the next step on a thread of its own while a step runs.
///
/// Batches are made one after another, in order and never more than one ahead. The step's number
/// alone decides what is in one, so a run that goes on gets what it would have had.
final class NextBatch implements AutoCloseable {
    private final IntFunction<List<Example>> batches;
    private final int steps;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("data").factory());
    private int step;
    private Future<List<Example>> next;

    /// Begins with the batch of the first step.
    ///
    /// @param batches by step, from 0; asked on one thread
    /// @param steps of the whole run; later ones are not asked for
    NextBatch(IntFunction<List<Example>> batches, int first, int steps) {
        this.batches = batches;
        this.steps = steps;
        this.step = first;
        this.next = begin();
    }

    /// The batch of the next step, as soon as it is made; then that of the one after it is begun.
    ///
    /// @throws Problem where this batch cannot be made, with the reason as it was thrown
    List<Example> take() throws InterruptedException {
        try {
            List<Example> batch = next.get();
            step++;
            next = begin();
            return batch;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause(); // a function throws nothing else
        }
    }

    private Future<List<Example>> begin() {
        int begun = step;
        return thread.submit(() -> begun < steps ? batches.apply(begun) : List.of());
    }

    /// Waits until the thread has ended.
    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
