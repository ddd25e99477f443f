package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Grad;
import dev.slimelab.engine.model.PassOptions.Adapter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A model's embedding, layers, final norm and head, one kernel call each, with or without the
/// adapter. Results belong to the scope that each call names.
///
/// Shapes: b rows, l positions, h hidden, n chosen positions.
public final class Decoder {
    private final LanguageModel model;
    private final Kernels kernels;
    private final ModelConfig config;
    private final Weights weights;
    private final @Nullable Lora adapter;

    /// What the layers need to know of the positions they are given.
    ///
    /// @param cos (b, l, 1, headDim) in the compute type, `sin` likewise
    /// @param mask (b, 1, l, keys) in the compute type, 0 where a position may look, else minus
    ///   infinity
    public record Sight(NDArray cos, NDArray sin, NDArray mask) {}

    /// Keys and values that a layer keeps from call to call.
    ///
    /// @param tensors keys and values (b, keyValueHeads, room, headDim); none in training
    /// @param offset where this call's keys and values go
    public record Cache(List<NDArray> tensors, long offset) {
        static final Cache NONE = new Cache(List.of(), 0);
    }

    public Decoder(LanguageModel model, Adapter use) {
        this.model = model;
        this.kernels = model.torch().kernels();
        this.config = model.config();
        this.weights = model.weights();
        this.adapter = use == Adapter.ON ? model.adapter() : null;
    }

    /// Turns position numbers and a mask into what the layers take.
    ///
    /// @param positions (b, l) int64
    public Sight sight(NDManager scope, NDArray positions, NDArray mask) {
        NDArray[] angles =
                kernels.rope(scope, positions, model.inverseFrequencies(), model.precision());
        return new Sight(angles[0], angles[1], mask);
    }

    /// Token vectors (b, l, h) of ids (b, l) int64.
    public NDArray embed(NDManager scope, NDArray ids) {
        return kernels.embed(scope, ids, weights.embedding(), model.precision());
    }

    /// One layer, (b, l, h) to (b, l, h).
    public NDArray layer(
            NDManager scope, Grad grad, int index, NDArray x, Sight sight, Cache cache) {
        var input =
                new Kernels.LayerInput(
                        sight.cos,
                        sight.sin,
                        sight.mask,
                        weights.layer(index),
                        adapter == null ? List.of() : adapter.layer(index),
                        adapter == null ? 0 : adapter.settings().scale(),
                        config.normEpsilon(),
                        config.heads(),
                        config.keyValueHeads(),
                        cache.tensors,
                        cache.offset);
        return kernels.layer(scope, grad, x, input);
    }

    /// Hidden states (n, h) at chosen positions after the final norm.
    ///
    /// @param index (n) int64 into the b * l positions of x
    NDArray finalNorm(NDManager scope, Grad grad, NDArray x, NDArray index) {
        return kernels.finalNorm(scope, grad, x, index, weights.finalNorm(), config.normEpsilon());
    }

    /// The token that each row's last position predicts, (b) int64.
    ///
    /// @param temperature 0 takes the likeliest
    /// @param uniform (b) float64 in [0, 1)
    public NDArray nextToken(NDManager scope, NDArray x, double temperature, NDArray uniform) {
        return kernels.nextToken(
                scope,
                x,
                weights.finalNorm(),
                config.normEpsilon(),
                weights.head(),
                temperature,
                uniform);
    }

    /// What is trained in a layer: the adapter's part of it, or the layer's own weights, or
    /// nothing.
    List<Parameter> layerParameters(int index) {
        return adapter == null ? weights.layerParameters(index) : adapter.layerParameters(index);
    }
}
