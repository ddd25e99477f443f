package dev.slimelab.engine.model;

import java.util.List;

/// One tensor that a model's weight file must hold.
///
/// @param shape as stored; matrices are (out, in)
record TensorSpec(String name, Role role, List<Long> shape) {
    /// What a tensor is for, which decides how it is initialised.
    enum Role {
        EMBEDDING,
        NORM,
        BIAS,
        PROJECTION,
        /// A projection whose result is added to the residual stream.
        RESIDUAL_PROJECTION
    }

    static TensorSpec vector(String name, Role role, long size) {
        return new TensorSpec(name, role, List.of(size));
    }

    static TensorSpec matrix(String name, Role role, long out, long in) {
        return new TensorSpec(name, role, List.of(out, in));
    }

    long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
