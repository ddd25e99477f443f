package dev.slimelab.engine.spec;

/// How the learning rate moves over a run, after a linear warm-up from 0.
public enum Schedule {
    /// Straight down to 0 at the end; transformers' `linear`.
    LINEAR,
    /// Half a cosine down to 0; transformers' `cosine`.
    COSINE,
    /// No change.
    CONSTANT,
    /// Constant for the first 70 % of all steps, then straight down to 2 %: for training from
    /// scratch.
    STABLE_DECAY;

    private static final double STABLE_SHARE = 0.7;
    private static final double FLOOR = 0.02;

    /// The factor on the learning rate at `step` (from 0) of `steps`.
    public double factor(int step, int steps, int warmupSteps) {
        if (step < warmupSteps) {
            return (double) step / warmupSteps;
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
        return switch (this) {
            case LINEAR -> Math.max(0, 1 - progress);
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
            case CONSTANT -> 1;
            case STABLE_DECAY -> {
                double overall = (double) step / steps;
                double decayed = Math.clamp((overall - STABLE_SHARE) / (1 - STABLE_SHARE), 0, 1);
                yield 1 - (1 - FLOOR) * decayed;
            }
        };
    }
}
