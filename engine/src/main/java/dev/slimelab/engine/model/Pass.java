package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Grad;
import dev.slimelab.engine.model.PassOptions.Detail;
import dev.slimelab.engine.model.PassOptions.Gradient;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One batch on its way through a model: forward when made, backward once.
///
/// The network is cut into pieces (each layer, and the final norm), each with a graph of its own,
/// so that backward frees a piece as soon as it is done with it. The head keeps no graph: it
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
    private final List<Piece> layers = new ArrayList<>();
    private final Piece finalNorm;
    private final double[] logps;
    private final @Nullable TokenStatistics statistics;

    /// A piece of the network with the graph from its input to its output.
    private record Piece(NDArray input, NDArray output) {}

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
        this.decoder = new Decoder(model, options.adapter(), dropout(model, batch, options));
        this.batch = batch;
        this.options = options;
        this.scope = scope;
        this.ids = grid(batch.ids);
        this.labels = scope.create(batch.labels);
        this.finalNorm = decode();
        double[][] columns = head();
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

    /// Embedding, layers, final norm at the predicting positions.
    private Piece decode() {
        var places = new Kernels.Places(grid(batch.positions), grid(batch.segments));
        Decoder.Sight sight = decoder.sight(scope, places, places);
        NDArray x = decoder.embed(scope, ids);
        for (int i = 0; i < model.config().layers(); i++) {
            // Nothing trained stands before the first layer of a model with a frozen embedding.
            boolean leaf = i > 0 || model.weights().embeddingGradient() != null;
            NDArray start = leaf ? start(x) : x;
            NDArray end = decoder.layer(scope, grad(), i, start, sight, Decoder.Cache.NONE);
            if (options.gradient() == Gradient.ON) {
                layers.add(new Piece(start, end));
            } else {
                start.close();
            }
            x = end;
        }
        NDArray start = start(x);
        return new Piece(
                start, decoder.finalNorm(scope, grad(), start, scope.create(batch.predictors)));
    }

    /// The head's results by column, each with one number per scored token.
    private double[][] head() {
        boolean all = options.detail() == Detail.STATISTICS;
        double[] table =
                kernels.headLogps(
                                scope,
                                finalNorm.output,
                                decoder.head(),
                                labels,
                                decoder.headChunk(),
                                all)
                        .toDoubleArray();
        double[][] columns = new double[all ? 6 : 1][batch.tokens()];
        for (int token = 0; token < batch.tokens(); token++) {
            for (int column = 0; column < columns.length; column++) {
                columns[column][token] = table[token * columns.length + column];
            }
        }
        return columns;
    }

    private TokenStatistics statistics(double[][] columns) {
        NDArray head = decoder.head();
        NDArray atTokens =
                decoder.finalNorm(scope, Grad.OFF, finalNorm.input, scope.create(batch.places));
        return new TokenStatistics(
                batch.split(columns[1]),
                batch.split(columns[2]),
                batch.split(columns[4]),
                batch.split(columns[3]),
                batch.split(columns[5]),
                batch.split(kernels.meanLogits(scope, finalNorm.output, head).toDoubleArray()),
                batch.split(kernels.meanLogits(scope, atTokens, head).toDoubleArray()));
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
        Weights weights = model.weights();
        NDArray headGradient = decoder.headGradient();
        NDArray gradient =
                kernels.headBackward(
                        scope,
                        finalNorm.output,
                        decoder.head(),
                        labels,
                        scope.create(batch.join(c, ofPrompts)),
                        decoder.headChunk(),
                        headGradient == null ? kernels.none() : headGradient);
        gradient = backward(finalNorm, gradient, weights.finalNormParameters());
        for (int i = layers.size() - 1; i >= 0; i--) {
            gradient = backward(layers.remove(i), gradient, decoder.layerParameters(i));
        }
        NDArray embeddingGradient = weights.embeddingGradient();
        if (embeddingGradient != null) {
            decoder.embedBackward(scope, ids, gradient, embeddingGradient);
        }
        scope.close();
    }

    private NDArray backward(Piece piece, NDArray outputGradient, List<Parameter> trained) {
        NDArray gradient =
                kernels.backward(
                        scope,
                        piece.output,
                        outputGradient,
                        piece.input,
                        trained.stream().map(Parameter::value).toList(),
                        trained.stream().map(Parameter::gradient).toList());
        piece.output.close();
        piece.input.close();
        outputGradient.close();
        return gradient;
    }

    private NDArray start(NDArray x) {
        return options.gradient() == Gradient.ON ? kernels.leaf(scope, x) : x;
    }

    private Grad grad() {
        return options.gradient() == Gradient.ON ? Grad.ON : Grad.OFF;
    }

    private NDArray grid(long[] values) {
        return scope.create(values, new Shape(batch.lines, batch.length));
    }

    @Override
    public void close() {
        scope.close();
    }
}
