package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;

import dev.slimelab.engine.kernel.ElementType;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;

import java.nio.ByteBuffer;
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

    /// What a file stores of a tensor: float64 where it is that, so that nothing is lost, else
    /// float32.
    static Safetensors.Content content(Kernels kernels, NDArray tensor) {
        List<Long> shape = new ArrayList<>();
        for (long size : tensor.getShape().getShape()) {
            shape.add(size);
        }
        // Counted, because DJL has no word for bfloat16 and fails when asked for its type.
        ByteBuffer own = kernels.bytes(tensor);
        if (own.remaining() == tensor.size() * ElementType.FLOAT64.size()) {
            return new Safetensors.Content("F64", shape, own);
        }
        try (NDArray wide = kernels.cast(tensor.getManager(), tensor, Precision.FLOAT32)) {
            return new Safetensors.Content("F32", shape, kernels.bytes(wide));
        }
    }
}
