package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.ElementType;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.problem.Problem;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// From bytes in a file to tensors that last, and back.
final class Tensors {
    private Tensors() {}

    /// A tensor of a file, in place where its address is a multiple of its element size.
    ///
    /// @throws Problem naming file and tensor when its type is no floating-point type
    static NDArray map(Kernels kernels, NDManager scope, Safetensors file, String name) {
        Safetensors.Entry entry = file.entry(name);
        ElementType type =
                switch (entry.type()) {
                    case "F16" -> ElementType.FLOAT16;
                    case "BF16" -> ElementType.BFLOAT16;
                    case "F32" -> ElementType.FLOAT32;
                    case "F64" -> ElementType.FLOAT64;
                    default ->
                            throw Problem.badRequest(
                                    "Tensor %s in %s has type %s."
                                            .formatted(name, file.file(), entry.type()),
                                    "Weights must be F16, BF16, F32 or F64.");
                };
        ByteBuffer bytes = file.bytes(name);
        long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
        if (bytes.alignmentOffset(0, type.size()) == 0) {
            return kernels.wrap(scope, type, shape, bytes);
        }
        ByteBuffer aligned =
                ByteBuffer.allocateDirect(bytes.remaining() + type.size())
                        .alignedSlice(type.size());
        aligned.put(bytes).flip();
        try {
            return kernels.copy(scope, kernels.wrap(scope, type, shape, aligned));
        } finally {
            Reference.reachabilityFence(aligned);
        }
    }

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
