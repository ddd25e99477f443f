package dev.slimelab.engine.model;

import dev.slimelab.engine.random.SplitMix64;

import java.util.Arrays;
import java.util.function.IntFunction;

/// How the weights of a model without a file are drawn: normal with the configuration's
/// `initializer_range`; norms change nothing, biases are 0.
///
/// @param residual how projections into the residual stream are drawn
/// @param seed every tensor draws from its own stream, named by seed and tensor
public record Initialization(long seed, Residual residual) {
    /// The standard deviation of `o_proj` and `down_proj`.
    public enum Residual {
        /// As all others, which is what transformers does.
        PLAIN,
        /// Divided by the square root of twice the number of layers, as GPT-2 does, so that the
        /// residual stream of a deep model does not grow.
        SCALED
    }

    /// The values of a tensor, in order: each call gives the next so many, an even number except at
    /// the end.
    IntFunction<float[]> values(TensorSpec spec, ModelConfig config) {
        double deviation = config.initializerRange();
        return switch (spec.role()) {
            case NORM -> {
                float norm = (float) (1 - config.family().block().normOffset());
                yield count -> {
                    float[] values = new float[count];
                    Arrays.fill(values, norm);
                    return values;
                };
            }
            case BIAS -> float[]::new;
            case EMBEDDING, PROJECTION -> normals(spec, deviation);
            case RESIDUAL_PROJECTION ->
                    normals(
                            spec,
                            residual == Residual.SCALED
                                    ? deviation / Math.sqrt(2.0 * config.layers())
                                    : deviation);
        };
    }

    private IntFunction<float[]> normals(TensorSpec spec, double deviation) {
        var stream = SplitMix64.named(seed, spec.name());
        return count -> stream.normals(count, deviation);
    }
}
