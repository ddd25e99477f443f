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
    /// Logits that exist at a time: few enough to stay in the processor's cache, but no fewer than
    /// of so many positions that reading the head's matrix once for each chunk does not matter.
    private static final long CHUNK_ELEMENTS = 1L << 18;

    private static final long CHUNK_POSITIONS = 128;

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

    /// Tokens and how likely they were, n of each.
    ///
    /// @param ids (n) int64
    /// @param logps (n) float64, in nats
    /// @param likeliestIds (n, count) int64, the best first; `likeliestLogps` likewise, float64
    public record Scored(
            NDArray ids, NDArray logps, NDArray likeliestIds, NDArray likeliestLogps) {}

    /// What follows chosen positions.
    ///
    /// @param index (n) int64 into the b * l positions of x
    /// @param uniform (n) float64 in [0, 1)
    /// @param count of likeliest tokens that are named
    public Scored nextToken(
            NDManager scope,
            NDArray x,
            NDArray index,
            Kernels.Choice choice,
            NDArray uniform,
            int count) {
        NDArray[] found =
                kernels.nextToken(
                        scope,
                        finalNorm(scope, Grad.OFF, x, index),
                        weights.head(),
                        choice,
                        uniform,
                        count);
        return new Scored(found[0], found[1], found[2], found[3]);
    }

    /// How likely given tokens were, with the same numbers as [Pass#logps].
    ///
    /// @param index (n) int64: where each was predicted
    /// @param labels (n) int64
    /// @param count of likeliest tokens that are named
    public Scored score(NDManager scope, NDArray x, NDArray index, NDArray labels, int count) {
        NDArray[] found =
                kernels.headLikeliest(
                        scope,
                        finalNorm(scope, Grad.OFF, x, index),
                        weights.head(),
                        labels,
                        headChunk(),
                        count);
        return new Scored(labels, found[0], found[1], found[2]);
    }

    /// Positions whose logits the head computes at a time.
    long headChunk() {
        return Math.max(CHUNK_POSITIONS, CHUNK_ELEMENTS / config.vocabSize());
    }

    /// What is trained in a layer: the adapter's part of it, or the layer's own weights, or
    /// nothing.
    List<Parameter> layerParameters(int index) {
        return adapter == null ? weights.layerParameters(index) : adapter.layerParameters(index);
    }
}
