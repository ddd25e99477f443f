package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Grad;
import dev.slimelab.engine.kernel.Kernels.Places;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;

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
    private final Kernels.Dropout dropout;

    /// What the layers need to know of the positions they are given, for each way of attending.
    public record Sight(Map<Attention, View> views) {
        /// @param cos (b, l, 1, headDim) in the compute type, `sin` likewise
        /// @param mask (b, 1, l, keys) in the compute type, 0 where a position may look, else minus
        ///   infinity
        record View(NDArray cos, NDArray sin, NDArray mask) {}
    }

    /// Keys and values that a layer keeps from call to call.
    ///
    /// @param tensors keys and values (b, keyValueHeads, room, headDim); none in training
    /// @param offset where this call's keys and values go
    public record Cache(List<NDArray> tensors, long offset) {
        static final Cache NONE = new Cache(List.of(), 0);
    }

    public Decoder(LanguageModel model, Adapter use) {
        this(model, use, Kernels.Dropout.NONE);
    }

    /// @param dropout of the adapter; its seeds are those of the whole network
    Decoder(LanguageModel model, Adapter use, Kernels.Dropout dropout) {
        this.model = model;
        this.kernels = model.torch().kernels();
        this.config = model.config();
        this.weights = model.weights();
        this.adapter = use == Adapter.ON ? model.adapter() : null;
        this.dropout = dropout;
    }

    /// What positions see of each other, or, where keys are cached, of other positions.
    ///
    /// @param queries the positions that are computed
    /// @param keys the positions they may look at
    public Sight sight(NDManager scope, Places queries, Places keys) {
        return sight(
                scope,
                queries.positions(),
                window -> kernels.attentionMask(scope, queries, keys, window, model.precision()));
    }

    /// What positions see, given by hand.
    ///
    /// @param positions (b, l) int64
    /// @param mask gives for a window, in positions, what is added to attention scores: (b, 1, l,
    ///   keys) in the compute type
    Sight sight(NDManager scope, NDArray positions, LongFunction<NDArray> mask) {
        Map<Rope, NDArray[]> angles = new HashMap<>();
        Map<Long, NDArray> masks = new HashMap<>();
        Map<Attention, Sight.View> views = new HashMap<>();
        for (Attention attention : config.attention()) {
            views.computeIfAbsent(
                    attention,
                    _ -> {
                        NDArray[] turns =
                                angles.computeIfAbsent(
                                        attention.rope(),
                                        rope ->
                                                kernels.rope(
                                                        scope,
                                                        positions,
                                                        model.inverseFrequencies(rope),
                                                        model.precision()));
                        return new Sight.View(
                                turns[0],
                                turns[1],
                                masks.computeIfAbsent(attention.reach(), mask::apply));
                    });
        }
        return new Sight(views);
    }

    /// Token vectors (b, l, h) of ids (b, l) int64.
    public NDArray embed(NDManager scope, NDArray ids) {
        return kernels.embed(scope, ids, weights.embedding(), embeddingScale(), model.precision());
    }

    /// Adds to the embedding's gradient what the gradients of token vectors (b, l, h) say.
    void embedBackward(NDManager scope, NDArray ids, NDArray gradient, NDArray into) {
        kernels.embedBackward(scope, ids, gradient, embeddingScale(), into);
    }

    private double embeddingScale() {
        return config.family().block().scaledEmbedding() ? Math.sqrt(config.hiddenSize()) : 1;
    }

    /// One layer, (b, l, h) to (b, l, h).
    public NDArray layer(
            NDManager scope, Grad grad, int index, NDArray x, Sight sight, Cache cache) {
        Sight.View view = Objects.requireNonNull(sight.views.get(config.attention().get(index)));
        var input =
                new Kernels.LayerInput(
                        view.cos,
                        view.sin,
                        view.mask,
                        weights.layer(index),
                        lowRank(index),
                        shape(),
                        cache.tensors,
                        cache.offset);
        return kernels.layer(scope, grad, x, input);
    }

    private Kernels.LowRank lowRank(int index) {
        if (adapter == null) {
            return Kernels.LowRank.NONE;
        }
        List<Long> seeds =
                dropout.seeds().stream()
                        .map(seed -> new SplitMix64(seed + index).nextLong())
                        .toList();
        return new Kernels.LowRank(
                adapter.layer(index),
                adapter.settings().scale(),
                new Kernels.Dropout(dropout.p(), seeds, dropout.starts(), dropout.ends()));
    }

    private Kernels.LayerShape shape() {
        ModelFamily.Block block = config.family().block();
        return new Kernels.LayerShape(
                config.normEpsilon(),
                block.normOffset(),
                1 / Math.sqrt(config.scoreScalar()),
                block.gelu(),
                config.heads(),
                config.keyValueHeads());
    }

    /// Hidden states (n, h) at chosen positions after the final norm.
    ///
    /// @param index (n) int64 into the b * l positions of x
    NDArray finalNorm(NDManager scope, Grad grad, NDArray x, NDArray index) {
        return kernels.finalNorm(scope, grad, x, index, weights.finalNorm(), shape());
    }

    /// The head's matrix (v, h): the adapter's own, or the model's.
    NDArray head() {
        Parameter own = adapter == null ? null : adapter.head();
        return own == null ? weights.head() : own.value();
    }

    /// Where the head's gradient gathers; null where it is frozen.
    @Nullable NDArray headGradient() {
        Parameter own = adapter == null ? null : adapter.head();
        return own == null ? weights.headGradient() : own.gradient();
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
                        head(),
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
                        head(),
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
