package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;

import java.util.ArrayList;
import java.util.List;

/// From bytes in a file to tensors that last, and back.
final class Tensors {
    private Tensors() {}

    /// A frozen weight in the compute type; where that is the stored type, it stays in place.
    static NDArray keep(Weights.Keeping keeping, NDArray stored) {
        return keeping.kernels().cast(keeping.memory(), stored, keeping.precision());
    }

    /// A trained copy with a gradient of zeros.
    static Parameter train(Weights.Keeping keeping, String name, NDArray stored) {
        Kernels kernels = keeping.kernels();
        NDArray value = kernels.parameter(keeping.memory(), stored, keeping.precision());
        NDArray gradient =
                kernels.zeros(
                        keeping.memory(),
                        keeping.precision().ofTrained(),
                        value.getShape().getShape());
        return new Parameter(name, value, gradient);
    }

    /// What a file stores of a tensor: float32, whatever the tensor's type.
    static Safetensors.Content content(Kernels kernels, NDArray tensor) {
        try (NDArray wide = kernels.cast(tensor.getManager(), tensor, Precision.FLOAT32)) {
            List<Long> shape = new ArrayList<>();
            for (long size : wide.getShape().getShape()) {
                shape.add(size);
            }
            return new Safetensors.Content("F32", shape, kernels.bytes(wide));
        }
    }
}
