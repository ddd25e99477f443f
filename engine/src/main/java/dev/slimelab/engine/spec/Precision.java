package dev.slimelab.engine.spec;

/// The number format of the base weights and of the arithmetic; adapters and optimiser state stay
/// fp32.
public enum Precision {
    FP32,
    BF16,
    /// Double precision throughout, for checking gradients; slow.
    FP64
}
