package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Grad;
import dev.slimelab.engine.model.PassOptions.Adapter;
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
    /// Logits that exist at a time.
    private static final long CHUNK_ELEMENTS = 1L << 22;

    private final LanguageModel model;
    private final Kernels kernels;
    private final Batch batch;
    private final PassOptions options;
    private final NDManager scope;
    private final @Nullable Lora adapter;
    private final NDArray ids;
    private final NDArray labels;
    private final List<Piece> layers = new ArrayList<>();
    private final Piece finalNorm;
    private final double[][] columns;
    private final double[] meanLogits;

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
        this.batch = batch;
        this.options = options;
        this.scope = scope;
        this.adapter = options.adapter() == Adapter.ON ? model.adapter() : null;
        this.ids = grid(batch.ids);
        this.labels = scope.create(batch.labels);
        this.finalNorm = decode();
        this.columns = head();
        this.meanLogits = options.detail() == Detail.STATISTICS ? meanLogits() : new double[0];
        if (options.gradient() == Gradient.OFF) {
            scope.close();
        }
    }

    /// Embedding, layers, final norm at the predicting positions.
    private Piece decode() {
        Weights weights = model.weights();
        ModelConfig config = model.config();
        NDArray x = kernels.embed(scope, ids, weights.embedding(), model.precision());
        NDArray[] angles =
                kernels.rope(
                        scope,
                        grid(batch.positions),
                        model.inverseFrequencies(),
                        model.precision());
        NDArray mask = kernels.segmentMask(scope, grid(batch.segments), model.precision());
        for (int i = 0; i < config.layers(); i++) {
            var input =
                    new Kernels.LayerInput(
                            angles[0],
                            angles[1],
                            mask,
                            weights.layer(i),
                            adapter == null ? List.of() : adapter.layer(i),
                            adapter == null ? 0 : adapter.settings().scale(),
                            config.normEpsilon(),
                            config.heads(),
                            config.keyValueHeads(),
                            List.of(),
                            0);
            // Nothing trained stands before the first layer of a frozen model.
            boolean leaf = i > 0 || weights.embeddingGradient() != null;
            NDArray start = leaf ? start(x) : x;
            NDArray end = kernels.layer(scope, grad(), start, input);
            if (options.gradient() == Gradient.ON) {
                layers.add(new Piece(start, end));
            } else {
                start.close();
            }
            x = end;
        }
        NDArray start = start(x);
        NDArray end =
                kernels.finalNorm(
                        scope,
                        grad(),
                        start,
                        scope.create(batch.predictors),
                        weights.finalNorm(),
                        config.normEpsilon());
        return new Piece(start, end);
    }

    private double[][] head() {
        boolean statistics = options.detail() == Detail.STATISTICS;
        double[] table =
                kernels.headLogps(
                                scope,
                                finalNorm.output,
                                model.weights().head(),
                                labels,
                                chunk(),
                                statistics)
                        .toDoubleArray();
        double[][] byColumn = new double[statistics ? 4 : 1][batch.tokens()];
        for (int token = 0; token < batch.tokens(); token++) {
            for (int column = 0; column < byColumn.length; column++) {
                byColumn[column][token] = table[token * byColumn.length + column];
            }
        }
        return byColumn;
    }

    private double[] meanLogits() {
        NDArray hidden =
                kernels.finalNorm(
                        scope,
                        Grad.OFF,
                        finalNorm.input,
                        scope.create(batch.places),
                        model.weights().finalNorm(),
                        model.config().normEpsilon());
        return kernels.meanLogits(scope, hidden, model.weights().head()).toDoubleArray();
    }

    /// Log-probability of every completion token given what stands before it, in nats: (row,
    /// completion, token).
    public double[][][] logps() {
        return batch.split(columns[0]);
    }

    /// Everything else that is known per token.
    ///
    /// @throws IllegalStateException unless [Detail#STATISTICS] was asked for
    public TokenStatistics statistics() {
        if (options.detail() != Detail.STATISTICS) {
            throw new IllegalStateException("This pass computed no statistics");
        }
        return new TokenStatistics(
                batch.split(columns[1]),
                batch.split(columns[2]),
                batch.split(columns[3]),
                batch.split(meanLogits));
    }

    /// Adds to the gradients of the model's parameters what a scalar contributes whose derivative
    /// with respect to each token's log-probability is `c`. Once per pass.
    ///
    /// @param c (row, completion, token), as [#logps]
    public void backward(double[][][] c) {
        if (options.gradient() == Gradient.OFF) {
            throw new IllegalStateException("This pass was run without gradient");
        }
        Weights weights = model.weights();
        NDArray headGradient = weights.headGradient();
        NDArray gradient =
                kernels.headBackward(
                        scope,
                        finalNorm.output,
                        weights.head(),
                        labels,
                        scope.create(batch.join(c)),
                        chunk(),
                        headGradient == null ? kernels.none() : headGradient);
        gradient = backward(finalNorm, gradient, weights.finalNormParameters());
        for (int i = layers.size() - 1; i >= 0; i--) {
            List<Parameter> trained =
                    adapter == null ? weights.layerParameters(i) : adapter.layerParameters(i);
            gradient = backward(layers.remove(i), gradient, trained);
        }
        NDArray embeddingGradient = weights.embeddingGradient();
        if (embeddingGradient != null) {
            kernels.embedBackward(scope, ids, gradient, embeddingGradient);
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

    private long chunk() {
        return Math.max(1, CHUNK_ELEMENTS / model.config().vocabSize());
    }

    private NDArray grid(long[] values) {
        return scope.create(values, new Shape(batch.rows, batch.length));
    }

    @Override
    public void close() {
        scope.close();
    }
}
