package dev.slimelab.engine.train;

import dev.slimelab.engine.spec.RunSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Which examples each optimiser step takes: every epoch a shuffle of its own, batches never across
/// an epoch's end.
///
/// Step numbers alone decide, so a run can go on from any step. `java.util.Random` because its
/// algorithm is part of the Java specification.
final class BatchOrder {
    private final int examples;
    private final int batch;
    private final long seed;
    private int shuffledEpoch = -1;
    private int[] order = new int[0];

    BatchOrder(int examples, int batch, long seed) {
        this.examples = examples;
        this.batch = batch;
        this.seed = seed;
    }

    static BatchOrder of(RunSpec spec, int examples) {
        return new BatchOrder(examples, spec.optimization().batchPairs(), spec.seeds().order());
    }

    int stepsPerEpoch() {
        return Math.ceilDiv(examples, batch);
    }

    /// Indices of the examples of a step, from 0.
    List<Integer> step(int step) {
        int epoch = step / stepsPerEpoch();
        if (epoch != shuffledEpoch) {
            order = shuffled(epoch);
            shuffledEpoch = epoch;
        }
        int first = step % stepsPerEpoch() * batch;
        List<Integer> indices = new ArrayList<>(batch);
        for (int i = first; i < Math.min(first + batch, examples); i++) {
            indices.add(order[i]);
        }
        return indices;
    }

    private int[] shuffled(int epoch) {
        int[] shuffled = new int[examples];
        Random shuffleOfEpoch = new Random(seed * 1_000_003 + epoch);
        for (int i = 0; i < examples; i++) {
            int j = shuffleOfEpoch.nextInt(i + 1);
            shuffled[i] = shuffled[j];
            shuffled[j] = i;
        }
        return shuffled;
    }
}
