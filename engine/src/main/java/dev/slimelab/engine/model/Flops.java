package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;

import java.util.List;
import java.util.stream.IntStream;

/// Floating-point operations of matrix products that a batch of rows requires: a multiplication and
/// an addition each count one.
///
/// Counted is what the layout of one row per prompt needs: each prompt once, attention between
/// positions that see each other, the head at scored tokens. Nothing is counted that is computed
/// again, masked, or no product of matrices.
public final class Flops {
    private final ModelConfig config;
    private final LanguageModel model;

    private Flops(LanguageModel model) {
        this.config = model.config();
        this.model = model;
    }

    /// Of the log-probabilities of all completions, with the model's adapter.
    public static double forward(LanguageModel model, List<Row> rows) {
        var flops = new Flops(model);
        return flops.layers(rows, flops.base() + flops.adapter())
                + flops.attention(rows)
                + flops.head(rows);
    }

    /// The same without the adapter.
    public static double reference(LanguageModel model, List<Row> rows) {
        var flops = new Flops(model);
        return flops.layers(rows, flops.base()) + flops.attention(rows) + flops.head(rows);
    }

    /// Of the gradients of everything trained, where the model's own weights are frozen: those of
    /// activations, and both factors of the low-rank products.
    public static double backward(LanguageModel model, List<Row> rows) {
        var flops = new Flops(model);
        return flops.layers(rows, flops.base() + 2 * flops.adapter() - flops.firstInputs())
                + 2 * flops.attention(rows)
                + flops.head(rows);
    }

    private double layers(List<Row> rows, double weights) {
        return 2 * weights * rows.stream().mapToLong(Row::length).sum();
    }

    /// Elements of all projections.
    private double base() {
        double elements = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                elements += elements(layer, projection);
            }
        }
        return elements;
    }

    private double elements(int layer, Projection projection) {
        List<Long> shape = config.layout().weight(layer, projection).shape();
        return (double) shape.get(0) * shape.get(1);
    }

    /// Elements of what reads the first layer's input, whose gradient nobody needs.
    private double firstInputs() {
        return elements(0, Projection.Q_PROJ)
                + elements(0, Projection.K_PROJ)
                + elements(0, Projection.V_PROJ);
    }

    /// Elements of all low-rank matrices.
    private double adapter() {
        Lora adapter = model.adapter();
        return adapter == null
                ? 0
                : IntStream.range(0, config.layers())
                        .mapToObj(adapter::layer)
                        .flatMap(List::stream)
                        .mapToLong(NDArray::size)
                        .sum();
    }

    /// Scores and their weighted sums of values, over the pairs of positions that see each other.
    private double attention(List<Row> rows) {
        double flops = 0;
        for (Attention attention : config.attention()) {
            for (Row row : rows) {
                flops += 4.0 * config.heads() * config.headDim() * seen(row, attention.reach());
            }
        }
        return flops;
    }

    private static double seen(Row row, long window) {
        double seen = 0;
        for (int position = 0; position < row.prompt().length; position++) {
            seen += Math.min(position + 1, window);
        }
        for (int[] completion : row.completions()) {
            for (int token = 0; token < completion.length; token++) {
                seen += Math.min(row.prompt().length + token + 1, window);
            }
        }
        return seen;
    }

    private double head(List<Row> rows) {
        long tokens =
                rows.stream()
                        .flatMap(row -> row.completions().stream())
                        .mapToLong(completion -> completion.length)
                        .sum();
        return 2.0 * tokens * config.hiddenSize() * config.vocabSize();
    }
}
