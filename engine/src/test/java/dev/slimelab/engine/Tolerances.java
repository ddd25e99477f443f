package dev.slimelab.engine;

import org.assertj.core.data.Offset;

/// Every tolerance of the engine's tests, with its reason. Never loosened in passing.
///
/// An [Offset] is absolute; a bare number is for tests that compare relatively. Shares and means of
/// random draws are no tolerances: their test states the standard error it allows for.
public final class Tolerances {
    /// Double arithmetic against double arithmetic in another order.
    public static final Offset<Double> EXACT = Offset.offset(1e-12);

    /// Against values printed with six decimals.
    public static final Offset<Double> SIX_DECIMALS = Offset.offset(5.1e-7);

    /// Central differences with step 1e-5 in double precision.
    public static final Offset<Double> FINITE_DIFFERENCE = Offset.offset(1e-7);

    /// The same through a whole network in float64, relative to the largest gradient.
    public static final double NETWORK_FINITE_DIFFERENCE = 1e-6;

    /// Logits and log-probabilities against float32 PyTorch. Its own noise (eager against fused
    /// attention, padded against unpadded) is 2e-6 to 2e-5; a wrong formula gives 1e-2 and more.
    public static final double LOGITS = 1e-4;

    /// The same on a GPU, whose products sum in yet another order; without TensorFloat-32, which
    /// libtorch leaves off.
    public static final double GPU_LOGITS = 1e-3;

    /// Log-probabilities of a whole batch in bfloat16 against float32, relative L2 distance.
    public static final double BFLOAT16_LOGPS = 0.03;

    /// The same float32 sums in another order, through the network: rows of several completions in
    /// one batch against padded rows of one.
    public static final Offset<Double> SHARED_PROMPT = Offset.offset(1e-5);

    /// The same for metrics of a few steps: one batch against micro-batches.
    public static final Offset<Double> SPLIT_BATCH = Offset.offset(1e-5);

    /// Metrics of one step in float64, relative, absolute below 1: a batch cut or ordered
    /// otherwise.
    public static final double BATCH_LAYOUT = 1e-9;

    /// A value known in closed form, computed in float32: norms and the first loss of DPO.
    public static final Offset<Double> FLOAT32 = Offset.offset(1e-6);

    /// A gradient or metric of one training step against float32 PyTorch, relative.
    public static final double STEP = 1e-4;

    /// bfloat16 against float32: eight bits of mantissa through a few layers.
    public static final Offset<Double> BFLOAT16 = Offset.offset(0.1);

    /// The same for a mean over a batch after a few steps, relative.
    public static final double BFLOAT16_MEAN = 0.03;

    private Tolerances() {}
}
