package dev.slimelab.engine.kernel;

/// The type in which a model computes.
///
/// Norms, softmax and log-probabilities are computed in float32 at least, and what is trained is
/// kept in float32 at least, whatever this says. Float64 is for tests of gradients.
public enum Precision {
    FLOAT32(6, 4),
    BFLOAT16(15, 2),
    FLOAT64(7, 8);

    private final long torchType;
    private final int bytes;

    Precision(long torchType, int bytes) {
        this.torchType = torchType;
        this.bytes = bytes;
    }

    /// Of one number.
    public int bytes() {
        return bytes;
    }

    /// libtorch's number for this element type.
    long torchType() {
        return torchType;
    }

    /// The type of trained parameters, their gradients and the optimiser's state.
    public Precision ofTrained() {
        return this == FLOAT64 ? FLOAT64 : FLOAT32;
    }
}
