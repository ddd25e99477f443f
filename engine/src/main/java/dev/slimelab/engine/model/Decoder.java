package dev.slimelab.engine.model;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Places;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/// A model's embedding, layers, final norm and head, one kernel call each, with or without the
/// adapter. Results belong to the scope that each call names.
///
/// Shapes: n positions, h hidden; b rows of l positions where texts are written.
public final class Decoder {
    /// Logits that exist at a time where the vocabulary is small: they stay in the processor's
    /// cache.
    private static final long SMALL_CHUNK = 1L << 18;

    /// Logits that exist at a time at most, unless that is less than [#FEWEST_POSITIONS].
    private static final long LARGE_CHUNK = 1L << 24;

    /// Positions that suffice for efficient products.
    private static final long POSITIONS = 256;

    /// With fewer, reading the head's matrix once for each chunk would take longest.
    private static final long FEWEST_POSITIONS = 32;

    private final LanguageModel model;
    private final Kernels kernels;
    private final ModelConfig config;
    private final Weights weights;
    private final @Nullable Lora adapter;

    /// The adapter's matrices of each layer in the compute type: cast once, not by every kernel.
    private final List<List<NDArray>> matrices;

    private final Kernels.Dropout dropout;

    /// What the layers need to know of the positions they are given, for each way of attending.
    ///
    /// @param <S> how it is said who sees whom: a mask (b, 1, l, keys) in the compute type, 0 where
    ///   a position may look, else minus infinity; or, for a batch, [Kernels.Seen]
    public record Sight<S>(Map<Attention, View<S>> views) {
        /// @param cos (n, 1, headDim) in the compute type, `sin` likewise
        record View<S>(NDArray cos, NDArray sin, S seen) {}

        private View<S> of(Attention attention) {
            return requireNonNull(views.get(attention));
        }
    }

    /// @param scope owns copies of the adapter's matrices as they are now, where they are of
    ///   another type; the decoder serves as long
    public Decoder(LanguageModel model, Adapter use, NDManager scope) {
        this(model, use, scope, Kernels.Dropout.NONE);
    }

    /// @param dropout of the adapter; its seeds are those of the whole network
    Decoder(LanguageModel model, Adapter use, NDManager scope, Kernels.Dropout dropout) {
        this.model = model;
        this.kernels = model.torch().kernels();
        this.config = model.config();
        this.weights = model.weights();
        this.adapter = use == Adapter.ON ? model.adapter() : null;
        this.matrices = adapter == null ? List.of() : matrices(adapter, scope);
        this.dropout = dropout;
    }

    private List<List<NDArray>> matrices(Lora lora, NDManager scope) {
        return IntStream.range(0, config.layers())
                .mapToObj(lora::layer)
                .map(
                        layer ->
                                layer.stream()
                                        .map(it -> kernels.cast(scope, it, model.precision()))
                                        .toList())
                .toList();
    }

    /// What positions see of each other, or, where keys are cached, of other positions.
    ///
    /// @param queries the positions that are computed
    /// @param keys the positions they may look at
    public Sight<NDArray> sight(NDManager scope, Places queries, Places keys) {
        return sight(
                scope,
                queries.positions(),
                window -> kernels.attentionMask(scope, queries, keys, window, model.precision()));
    }

    /// What the positions of a batch see of each other.
    ///
    /// @param places the batch's, on the device
    Sight<Kernels.Seen> sight(NDManager scope, Batch batch, Places places) {
        return sight(
                scope,
                places.positions(),
                window ->
                        model.attending() == AttentionKernel.FUSED && window == Long.MAX_VALUE
                                ? texts(scope, batch)
                                : blocks(scope, batch, places, window));
    }

    private Kernels.Texts texts(NDManager scope, Batch batch) {
        AttentionTexts texts = AttentionTexts.of(batch);
        return new Kernels.Texts(
                texts.numbers(), List.of(kernels.uploadTogether(scope, texts.vectors())));
    }

    private Kernels.Blocks blocks(NDManager scope, Batch batch, Places places, long window) {
        AttentionBlocks blocks =
                model.takes(Shortcut.ATTENTION_BLOCKS)
                        ? AttentionBlocks.of(batch, window)
                        : AttentionBlocks.whole(batch);
        return new Kernels.Blocks(
                blocks.ranges(),
                kernels.blockMasks(
                        scope,
                        places,
                        blocks.ranges(),
                        blocks.masked(),
                        window,
                        model.precision()));
    }

    /// What positions see, given by hand.
    ///
    /// @param positions int64, of any shape
    /// @param seen says for a window, in positions, who sees whom
    <S> Sight<S> sight(NDManager scope, NDArray positions, LongFunction<S> seen) {
        Map<Rope, NDArray[]> angles = new HashMap<>();
        Map<Long, S> windows = new HashMap<>();
        Map<Attention, Sight.View<S>> views = new HashMap<>();
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
                        return new Sight.View<>(
                                turns[0],
                                turns[1],
                                windows.computeIfAbsent(attention.reach(), seen::apply));
                    });
        }
        return new Sight<>(views);
    }

    /// Token vectors (n, h) of n ids int64 of any shape.
    public NDArray embed(NDManager scope, NDArray ids) {
        return kernels.embed(scope, ids, weights.embedding(), embeddingScale(), model.precision());
    }

    /// Adds to the embedding's gradient what the gradients of token vectors (n, h) say.
    void embedBackward(NDManager scope, NDArray ids, NDArray gradient, NDArray into) {
        kernels.embedBackward(scope, ids, gradient, embeddingScale(), into);
    }

    private double embeddingScale() {
        return config.family().block().scaledEmbedding() ? Math.sqrt(config.hiddenSize()) : 1;
    }

    /// One layer, (b * l, h) to (b * l, h).
    public NDArray layer(
            NDManager scope, int index, NDArray x, Sight<NDArray> sight, Kernels.Cache cache) {
        Sight.View<NDArray> view = sight.of(config.attention().get(index));
        return kernels.maskedLayer(scope, x, layer(index, view), view.seen, cache);
    }

    /// One layer, (n, h) to (n, h), followed by attention's result and what goes with it, and,
    /// where `keep`, by what [#layerAgain] returns.
    List<NDArray> layer(
            NDManager scope, int index, NDArray x, Sight<Kernels.Seen> sight, boolean keep) {
        Sight.View<Kernels.Seen> view = sight.of(config.attention().get(index));
        return kernels.layer(scope, x, layer(index, view), view.seen, keep);
    }

    /// What [#layerBackward] needs beside attention's result, computed again from it.
    List<NDArray> layerAgain(
            NDManager scope, int index, NDArray x, NDArray attended, Sight<Kernels.Seen> sight) {
        Sight.View<Kernels.Seen> view = sight.of(config.attention().get(index));
        return kernels.layerAgain(scope, x, attended, layer(index, view));
    }

    /// Adds to the layer's gradients what `slope` (n, h), the gradient of its result, says.
    ///
    /// @param kept attention's result and what goes with it, then what [#layerAgain] returns
    /// @return the gradient of `x`; empty where nothing trained stands before the layer
    NDArray layerBackward(
            NDManager scope,
            int index,
            NDArray slope,
            NDArray x,
            List<NDArray> kept,
            Sight<Kernels.Seen> sight) {
        Sight.View<Kernels.Seen> view = sight.of(config.attention().get(index));
        return kernels.layerBackward(
                scope,
                slope,
                x,
                kept,
                layer(index, view),
                view.seen,
                index > 0 || weights.embeddingGradient() != null,
                new Kernels.LayerGradients(
                        weights.layerGradients(index),
                        adapter == null ? List.of() : adapter.layerGradients(index)));
    }

    private Kernels.Layer layer(int index, Sight.View<?> view) {
        return new Kernels.Layer(view.cos, view.sin, weights.layer(index), lowRank(index), shape());
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
                matrices.get(index),
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

    /// Hidden states (n', h) at chosen positions after the final norm.
    ///
    /// @param index (n') int64 into the positions of x
    NDArray finalNorm(NDManager scope, NDArray x, NDArray index) {
        return kernels.finalNorm(scope, x, index, weights.finalNorm(), shape());
    }

    /// The gradient of `x`, given that of [#finalNorm], `slope` (n', h).
    NDArray finalNormBackward(NDManager scope, NDArray slope, NDArray x, NDArray index) {
        NDArray gradient = weights.finalNormGradient();
        return kernels.finalNormBackward(
                scope,
                slope,
                x,
                index,
                weights.finalNorm(),
                shape(),
                gradient == null ? kernels.none() : gradient);
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
    /// @param index (n) int64 into the positions of x
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
                        scope, finalNorm(scope, x, index), head(), choice, uniform, count);
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
                        scope, finalNorm(scope, x, index), head(), labels, headChunk(), count);
        return new Scored(labels, found[0], found[1], found[2]);
    }

    /// Positions whose logits the head computes at a time.
    long headChunk() {
        if (!model.takes(Shortcut.HEAD_CHUNKS)) {
            return Integer.MAX_VALUE;
        }
        return headChunk(config);
    }

    static long headChunk(ModelConfig config) {
        long vocabulary = config.vocabSize();
        long large = Math.clamp(LARGE_CHUNK / vocabulary, FEWEST_POSITIONS, POSITIONS);
        return Math.max(large, SMALL_CHUNK / vocabulary);
    }

    /// The mean of the head's rows, (h) wide.
    NDArray meanRow(NDManager scope) {
        return adapter == null || adapter.head() == null
                ? weights.meanRow(scope, model.precision())
                : kernels.meanRow(scope, head(), model.precision());
    }
}
