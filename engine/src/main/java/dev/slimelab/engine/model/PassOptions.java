package dev.slimelab.engine.model;

import java.util.List;

/// How rows run through a model.
///
/// @param adapter whether an attached adapter takes part; without it the model is its own reference
/// @param gradient whether [Pass#backward] will be called
/// @param detail how much is computed per token
/// @param scored which tokens get log-probabilities
/// @param dropoutSeeds for each row the seed of the adapter's dropout; none to switch it off
/// @param checkpointEvery 1: every layer keeps only its input and attention's result for backward,
///   which computes the rest again; 2: every second, and so on; 0: none
public record PassOptions(
        Adapter adapter,
        Gradient gradient,
        Detail detail,
        Scored scored,
        List<Long> dropoutSeeds,
        int checkpointEvery) {
    public PassOptions {
        dropoutSeeds = List.copyOf(dropoutSeeds);
    }

    public enum Adapter {
        ON,
        OFF
    }

    public enum Gradient {
        ON,
        OFF
    }

    public enum Detail {
        LOGPS,
        /// Also what [TokenStatistics] holds, at the price of a few passes over the logits.
        STATISTICS
    }

    public enum Scored {
        COMPLETIONS,
        /// Also the prompts' tokens after the first: [Pass#promptLogps].
        PROMPTS_TOO
    }

    /// For training: adapter on, gradient on, statistics on.
    public static PassOptions training() {
        return new PassOptions(
                Adapter.ON, Gradient.ON, Detail.STATISTICS, Scored.COMPLETIONS, List.of(), 0);
    }

    /// For evaluation: adapter on, no gradient, log-probabilities only.
    public static PassOptions evaluation() {
        return new PassOptions(
                Adapter.ON, Gradient.OFF, Detail.LOGPS, Scored.COMPLETIONS, List.of(), 0);
    }

    /// For a reference that is the model without its adapter.
    public static PassOptions reference() {
        return new PassOptions(
                Adapter.OFF, Gradient.OFF, Detail.LOGPS, Scored.COMPLETIONS, List.of(), 0);
    }

    public PassOptions with(Detail other) {
        return new PassOptions(adapter, gradient, other, scored, dropoutSeeds, checkpointEvery);
    }

    public PassOptions with(Scored other) {
        return new PassOptions(adapter, gradient, detail, other, dropoutSeeds, checkpointEvery);
    }

    public PassOptions with(List<Long> otherDropoutSeeds) {
        return new PassOptions(
                adapter, gradient, detail, scored, otherDropoutSeeds, checkpointEvery);
    }

    public PassOptions withCheckpoints(int every) {
        return new PassOptions(adapter, gradient, detail, scored, dropoutSeeds, every);
    }

    boolean checkpoints(int layer) {
        return checkpointEvery > 0 && layer % checkpointEvery == 0;
    }
}
