package dev.slimelab.engine.kernel;

/// Element types of stored tensors.
public enum ElementType {
    BYTE(0, 1),
    FLOAT16(5, 2),
    BFLOAT16(15, 2),
    FLOAT32(6, 4),
    FLOAT64(7, 8);

    private final long torchType;
    private final int size;

    ElementType(long torchType, int size) {
        this.torchType = torchType;
        this.size = size;
    }

    /// Bytes of one element.
    public int size() {
        return size;
    }

    /// libtorch's number for this element type.
    long torchType() {
        return torchType;
    }
}
