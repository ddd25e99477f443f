package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.ElementType;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/// From bytes in a file, or numbers, to tensors that last, and back to bytes.
final class Tensors {
    /// Elements that are converted at a time when a tensor is made or written.
    private static final long CHUNK = 1L << 20;

    private Tensors() {}

    /// Some rows of a matrix, or elements of a vector, in any floating-point type.
    interface Rows {
        /// Rows from the first to the one before the last named.
        ///
        /// @param scope owns the result
        NDArray of(NDManager scope, long from, long to);
    }

    /// A tensor of numbers that are made a few rows at a time.
    ///
    /// @param scope owns the result
    /// @param values gives the next so many, an even number except at the end
    static NDArray made(
            Kernels kernels,
            NDManager scope,
            Precision type,
            IntFunction<float[]> values,
            long... shape) {
        NDArray whole = kernels.zeros(scope, type, shape);
        long step = rowsAtATime(Arrays.stream(shape));
        for (long from = 0; from < shape[0]; from += step) {
            try (NDManager part = scope.newSubManager()) {
                NDArray rows = kernels.rows(part, whole, from, Math.min(shape[0], from + step));
                float[] next = values.apply(Math.toIntExact(rows.size()));
                kernels.assign(part, rows, kernels.upload(part, next, rows.getShape().getShape()));
            }
        }
        return whole;
    }

    /// A frozen weight in the compute type; where that is the stored type, it stays in place.
    static NDArray keep(Weights.Keeping keeping, NDArray stored) {
        return keeping.kernels().cast(keeping.memory(), stored, keeping.precision());
    }

    /// A trained copy with a gradient of zeros.
    static Parameter train(Weights.Keeping keeping, String name, NDArray stored) {
        Kernels kernels = keeping.kernels();
        Precision type = keeping.precision().ofTrained();
        NDArray value = kernels.zeros(keeping.memory(), type, stored.getShape().getShape());
        kernels.assign(keeping.memory(), value, stored);
        NDArray gradient = kernels.zeros(keeping.memory(), type, stored.getShape().getShape());
        return new Parameter(name, value, gradient);
    }

    /// What a file stores of a trained tensor: float64 where it is that, so that nothing is lost,
    /// else float32.
    static Safetensors.Content content(Kernels kernels, NDArray tensor) {
        List<Long> shape = Arrays.stream(tensor.getShape().getShape()).boxed().toList();
        return content(
                kernels,
                tensor.getManager(),
                shape,
                typeOfTrained(kernels, tensor),
                (scope, from, to) -> kernels.rows(scope, tensor, from, to));
    }

    private static Precision typeOfTrained(Kernels kernels, NDArray tensor) {
        try (NDArray first = kernels.rows(tensor.getManager(), tensor, 0, 1)) {
            // Counted, because DJL has no word for bfloat16 and fails when asked for its type.
            long bytes = kernels.bytes(first).remaining();
            return bytes == first.size() * ElementType.FLOAT64.size()
                    ? Precision.FLOAT64
                    : Precision.FLOAT32;
        }
    }

    /// What a file stores of a tensor that is made a few rows at a time.
    ///
    /// @param owner of what is only needed until the rows are written
    /// @param type as it is stored
    static Safetensors.Content content(
            Kernels kernels, NDManager owner, List<Long> shape, Precision type, Rows rows) {
        long count = shape.getFirst();
        long step = rowsAtATime(shape.stream().mapToLong(Long::longValue));
        return new Safetensors.Content(
                dtype(type),
                shape,
                () ->
                        LongStream.iterate(0, from -> from < count, from -> from + step)
                                .mapToObj(
                                        from -> {
                                            try (NDManager scope = owner.newSubManager()) {
                                                long to = Math.min(count, from + step);
                                                NDArray part = rows.of(scope, from, to);
                                                return kernels.bytes(
                                                        kernels.cast(scope, part, type));
                                            }
                                        }));
    }

    /// How many rows of a tensor of this shape are converted at a time: an even number.
    private static long rowsAtATime(LongStream shape) {
        long width = shape.skip(1).reduce(1L, Math::multiplyExact);
        return Math.max(2, CHUNK / Math.max(1, width) / 2 * 2);
    }

    /// The safetensors name of a type.
    private static String dtype(Precision type) {
        return switch (type) {
            case FLOAT32 -> "F32";
            case BFLOAT16 -> "BF16";
            case FLOAT64 -> "F64";
        };
    }
}
