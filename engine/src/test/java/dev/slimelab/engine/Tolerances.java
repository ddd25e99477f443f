package dev.slimelab.engine;

import org.assertj.core.data.Offset;

/// Every tolerance of the engine's tests, with its reason. Never loosened in passing.
public final class Tolerances {
    /// Double arithmetic against double arithmetic in another order.
    public static final Offset<Double> EXACT = Offset.offset(1e-12);

    /// Against values printed with six decimals.
    public static final Offset<Double> SIX_DECIMALS = Offset.offset(5.1e-7);

    /// Central differences with step 1e-5 in double precision.
    public static final Offset<Double> FINITE_DIFFERENCE = Offset.offset(1e-7);

    private Tolerances() {}
}
