package dev.slimelab.engine.model;

import dev.slimelab.engine.random.SplitMix64;

import java.util.Arrays;

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

    float[] values(TensorSpec spec, ModelConfig config) {
        long count = spec.shape().stream().reduce(1L, Math::multiplyExact);
        double deviation = config.initializerRange();
        var stream = SplitMix64.named(seed, spec.name());
        return switch (spec.role()) {
            case NORM -> {
                float[] values = new float[Math.toIntExact(count)];
                Arrays.fill(values, (float) (1 - config.family().block().normOffset()));
                yield values;
            }
            case BIAS -> new float[Math.toIntExact(count)];
            case EMBEDDING, PROJECTION -> stream.normals(count, deviation);
            case RESIDUAL_PROJECTION ->
                    stream.normals(
                            count,
                            residual == Residual.SCALED
                                    ? deviation / Math.sqrt(2.0 * config.layers())
                                    : deviation);
        };
    }
}
