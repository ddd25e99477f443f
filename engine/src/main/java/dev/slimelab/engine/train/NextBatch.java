package dev.slimelab.engine.train;

import dev.slimelab.engine.problem.Problem;

import java.util.List;
import java.util.function.IntFunction;

/// Makes the batch of the next step while a step runs.
///
/// Batches are made one after another, in order and never more than one ahead. The step's number
/// alone decides what is in one, so a run that goes on gets what it would have had.
final class NextBatch implements AutoCloseable {
    private final IntFunction<List<Example>> batches;
    private final int steps;
    private final Meanwhile<List<Example>> next = new Meanwhile<>();
    private int step;

    /// Begins with the batch of the first step.
    ///
    /// @param batches by step, from 0; asked for one at a time
    /// @param steps of the whole run; later ones are not asked for
    NextBatch(IntFunction<List<Example>> batches, int first, int steps) {
        this.batches = batches;
        this.steps = steps;
        this.step = first;
        begin();
    }

    /// The batch of the next step, as soon as it is made; then that of the one after it is begun.
    ///
    /// @throws Problem where this batch cannot be made, with the reason as it was thrown
    List<Example> take() throws InterruptedException {
        List<Example> batch = next.get();
        step++;
        begin();
        return batch;
    }

    private void begin() {
        int begun = step;
        if (begun < steps) {
            next.begin(() -> batches.apply(begun));
        }
    }

    /// Gives up what is not made yet.
    @Override
    public void close() {
        next.close();
    }
}
