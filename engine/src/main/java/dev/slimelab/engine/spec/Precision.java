package dev.slimelab.engine.spec;

import dev.slimelab.engine.parameter.Called;

/// The number format of the base weights and of the arithmetic; adapters and optimiser state stay
/// fp32.

public enum Precision {
    @Called("fp32")
    FP32,
    @Called("bf16")
    BF16,
    /// Double precision throughout, for checking gradients; slow.
    @Called("fp64")
    FP64
}
