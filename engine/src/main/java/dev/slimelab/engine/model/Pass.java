package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Places;
import dev.slimelab.engine.model.PassOptions.Detail;
import dev.slimelab.engine.model.PassOptions.Gradient;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One batch on its way through a model: forward when made, backward once.
///
/// Each layer keeps what its backward needs, or, where it is checkpointed, only its input and what
/// attention made of it, from which the rest is computed again: attention is what takes longest
/// where rows are long. Either is freed as soon as backward has passed. The head keeps nothing: it
/// computes the logits of a few positions at a time, in both directions, so that the logits of a
/// whole batch never exist.
///
/// All tensors belong to the pass and are freed when it is closed; parameters gain gradients.
public final class Pass implements AutoCloseable {
    private final LanguageModel model;
    private final Kernels kernels;
    private final Decoder decoder;
    private final Batch batch;
    private final PassOptions options;
    private final NDManager scope;
    private final NDArray ids;
    private final NDArray labels;
    private final NDArray predictors;
    private final Decoder.Sight<Kernels.Seen> sight;
    private final List<Layer> layers = new ArrayList<>();
    private final NDArray last;
    private final NDArray hidden;
    private final NDArray table;
    private final double[] logps;
    private final @Nullable TokenStatistics statistics;

    /// A layer's input (n, h), attention's result and what goes with it, and, unless it is
    /// checkpointed, what else its backward needs.
    private record Layer(NDArray input, List<NDArray> kept) {}

    static Pass run(LanguageModel model, Batch batch, PassOptions options) {
        NDManager scope = model.torch().newScope();
        try {
            return new Pass(model, batch, options, scope);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private Pass(LanguageModel model, Batch batch, PassOptions options, NDManager scope) {
        this.model = model;
        this.kernels = model.torch().kernels();
        this.decoder = new Decoder(model, options.adapter(), scope, dropout(model, batch, options));
        this.batch = batch;
        this.options = options;
        this.scope = scope;
        NDArray[] uploaded =
                kernels.uploadTogether(
                        scope,
                        batch.ids,
                        batch.positions,
                        batch.segments,
                        batch.labels,
                        batch.predictors,
                        batch.places);
        this.ids = uploaded[0];
        this.labels = uploaded[3];
        this.predictors = uploaded[4];
        this.sight = decoder.sight(scope, batch, new Places(uploaded[1], uploaded[2]));
        this.last = decode();
        this.hidden = decoder.finalNorm(scope, last, predictors);
        this.table = head(uploaded[5]);
        double[][] columns = columns();
        this.logps = columns[0];
        this.statistics = options.detail() == Detail.STATISTICS ? statistics(columns) : null;
        if (options.gradient() == Gradient.OFF) {
            scope.close();
        }
    }

    private static Kernels.Dropout dropout(LanguageModel model, Batch batch, PassOptions options) {
        Lora adapter = model.adapter();
        return adapter == null || options.dropoutSeeds().isEmpty()
                ? Kernels.Dropout.NONE
                : new Kernels.Dropout(
                        adapter.settings().dropout(),
                        options.dropoutSeeds(),
                        batch.starts,
                        batch.ends);
    }

    /// Embedding and layers: (n, h).
    private NDArray decode() {
        boolean backward = options.gradient() == Gradient.ON;
        NDArray x = decoder.embed(scope, ids);
        for (int i = 0; i < model.config().layers(); i++) {
            boolean keep = backward && !options.checkpoints(i);
            List<NDArray> made = decoder.layer(scope, i, x, sight, keep);
            List<NDArray> kept = made.subList(1, made.size());
            if (backward) {
                layers.add(new Layer(x, kept));
            } else {
                kept.forEach(NDArray::close);
                x.close();
            }
            x = made.getFirst();
        }
        return x;
    }

    /// Numbers that wait for backward in all layers together.
    long keptNumbers() {
        return layers.stream()
                .flatMap(layer -> Stream.concat(Stream.of(layer.input), layer.kept.stream()))
                .mapToLong(NDArray::size)
                .sum();
    }

    /// The head's results: a row for each scored token.
    private NDArray head(NDArray places) {
        NDArray head = decoder.head();
        long chunk = decoder.headChunk();
        return switch (options.detail()) {
            case LOGPS -> kernels.headLogps(scope, hidden, head, labels, chunk);
            case STATISTICS ->
                    kernels.headStatistics(
                            scope,
                            hidden,
                            head,
                            labels,
                            chunk,
                            decoder.meanRow(scope),
                            decoder.finalNorm(scope, last, places));
        };
    }

    /// The same by column, in Java's memory.
    private double[][] columns() {
        int width = Math.toIntExact(table.getShape().get(1));
        double[] numbers = kernels.doubles(table);
        double[][] columns = new double[width][batch.tokens()];
        for (int token = 0; token < batch.tokens(); token++) {
            for (int column = 0; column < width; column++) {
                columns[column][token] = numbers[token * width + column];
            }
        }
        return columns;
    }

    private TokenStatistics statistics(double[][] columns) {
        return new TokenStatistics(
                batch.split(columns[1]),
                batch.split(columns[2]),
                batch.split(columns[4]),
                batch.split(columns[3]),
                batch.split(columns[5]),
                batch.split(columns[6]),
                batch.split(columns[7]));
    }

    /// Log-probability of every completion token given what stands before it, in nats: (row,
    /// completion, token).
    public double[][][] logps() {
        return batch.split(logps);
    }

    /// Log-probability of every token of the prompts after their first, in nats: (row, token);
    /// empty rows unless [PassOptions.Scored#PROMPTS_TOO] was asked for.
    public double[][] promptLogps() {
        return batch.splitPrompts(logps);
    }

    /// Everything else that is known per token of the completions.
    ///
    /// @throws IllegalStateException unless [Detail#STATISTICS] was asked for
    public TokenStatistics statistics() {
        if (statistics == null) {
            throw new IllegalStateException("This pass computed no statistics");
        }
        return statistics;
    }

    /// Adds to the gradients of the model's parameters what a scalar contributes whose derivative
    /// with respect to each token's log-probability is `c`. Once per pass.
    ///
    /// @param c (row, completion, token), as [#logps]
    public void backward(double[][][] c) {
        backward(c, null);
    }

    /// The same where prompts count too.
    ///
    /// @param ofPrompts (row, token), as [#promptLogps]; null for zeros
    public void backward(double[][][] c, double @Nullable [][] ofPrompts) {
        if (options.gradient() == Gradient.OFF) {
            throw new IllegalStateException("This pass was run without gradient");
        }
        NDArray headGradient = decoder.headGradient();
        NDArray slope =
                kernels.headBackward(
                        scope,
                        hidden,
                        decoder.head(),
                        labels,
                        kernels.column(scope, table, 0),
                        kernels.upload(scope, batch.join(c, ofPrompts)),
                        decoder.headChunk(),
                        headGradient == null ? kernels.none() : headGradient);
        slope = decoder.finalNormBackward(scope, slope, last, predictors);
        hidden.close();
        last.close();
        for (int i = layers.size() - 1; i >= 0; i--) {
            NDArray before = backward(i, layers.remove(i), slope);
            slope.close();
            slope = before;
        }
        NDArray embeddingGradient = model.weights().embeddingGradient();
        if (embeddingGradient != null) {
            decoder.embedBackward(scope, ids, slope, embeddingGradient);
        }
        scope.close();
    }

    /// @param slope gradient of the layer's result, (n, h)
    /// @return that of its input
    private NDArray backward(int index, Layer layer, NDArray slope) {
        List<NDArray> kept = new ArrayList<>(layer.kept);
        if (options.checkpoints(index)) {
            kept.addAll(decoder.layerAgain(scope, index, layer.input, kept.getFirst(), sight));
        }
        NDArray gradient = decoder.layerBackward(scope, index, slope, layer.input, kept, sight);
        kept.forEach(NDArray::close);
        layer.input.close();
        return gradient;
    }

    @Override
    public void close() {
        scope.close();
    }
}
