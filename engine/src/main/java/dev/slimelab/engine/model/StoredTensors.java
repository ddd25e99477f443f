package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.ElementType;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.problem.Problem;

import java.util.EnumMap;
import java.util.Map;

/// The tensors of a safetensors file as libtorch sees them: in place, without copying.
///
/// The file is mapped once for each element type; a mapping lives as long as any tensor in it, also
/// after the scope that made this object is closed.
final class StoredTensors {
    private final Kernels kernels;
    private final NDManager scope;
    private final Safetensors file;
    private final Map<ElementType, NDArray> mappings = new EnumMap<>(ElementType.class);

    StoredTensors(Kernels kernels, NDManager scope, Safetensors file) {
        this.kernels = kernels;
        this.scope = scope;
        this.file = file;
    }

    /// A tensor, in the type it is stored in.
    ///
    /// @throws Problem naming file and tensor when its type is no floating-point type
    NDArray read(String name) {
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
        long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
        long start = file.dataStart() + entry.begin();
        return start % type.size() == 0
                ? kernels.piece(scope, mapping(type), start / type.size(), shape)
                : kernels.pieceOfBytes(scope, mapping(ElementType.BYTE), start, shape, type);
    }

    /// Puts the stored values in the place of a tensor's own.
    ///
    /// @throws Problem naming tensor and both shapes when they differ
    void restore(String name, NDArray tensor) {
        NDArray saved = read(name);
        if (!saved.getShape().equals(tensor.getShape())) {
            throw Problem.badRequest(
                    "%s in %s has shape %s, but %s is needed."
                            .formatted(name, file.file(), saved.getShape(), tensor.getShape()),
                    "Continue with the adapter and model the state was saved with.");
        }
        kernels.assign(scope, tensor, saved);
    }

    private NDArray mapping(ElementType type) {
        return mappings.computeIfAbsent(
                type, t -> kernels.mapFile(scope, file.file(), file.size(), t));
    }
}
