package dev.slimelab.engine.model;

/// How far numbers may be from what they are compared with, all in one place.
final class Tolerances {
    /// Logits and log-probabilities against float32 PyTorch. Its own noise (eager against fused
    /// attention, padded against unpadded) is 2e-6 to 2e-5; a wrong formula gives 1e-2 and more.
    static final double LOGITS = 1e-4;

    /// Analytic against central-difference gradients in float64, relative to the largest.
    static final double FINITE_DIFFERENCES = 1e-6;

    /// One row of several completions against rows of one, in float32.
    static final double SHARED_PROMPT = 1e-5;

    /// A gradient or metric of one training step against float32 PyTorch, relative.
    static final double STEP = 1e-4;

    /// bfloat16 against float32: eight bits of mantissa through three layers.
    static final double BFLOAT16 = 0.1;

    private Tolerances() {}
}
