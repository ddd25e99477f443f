package dev.slimelab.engine.train;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.BatchTotals;
import dev.slimelab.engine.objective.PairLogps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Between the model's rows and the objective's pairs.
final class Passes {
    private static final double[] NONE = {};

    private Passes() {}

    static List<Row> rows(List<Example> examples) {
        return examples.stream().map(Example::row).toList();
    }

    static PairLogps logps(LanguageModel model, List<Example> examples, PassOptions options) {
        try (Pass pass = model.forward(rows(examples), options)) {
            return pairs(pass.logps());
        }
    }

    /// @param logps `(row, completion, token)`; a row without a second completion gives an empty
    ///   rejected answer
    static PairLogps pairs(double[][][] logps) {
        return new PairLogps(chosen(logps), rejected(logps));
    }

    static double[][] chosen(double[][][] values) {
        return Arrays.stream(values).map(row -> row[Example.CHOSEN]).toArray(double[][]::new);
    }

    static double[][] rejected(double[][][] values) {
        return Arrays.stream(values)
                .map(row -> row.length > Example.REJECTED ? row[Example.REJECTED] : NONE)
                .toArray(double[][]::new);
    }

    /// Gradients per token in the model's layout.
    static double[][][] rows(List<Example> examples, double[][] chosen, double[][] rejected) {
        double[][][] rows = new double[examples.size()][][];
        for (int i = 0; i < rows.length; i++) {
            boolean pair = examples.get(i).row().completions().size() > Example.REJECTED;
            rows[i] = pair ? new double[][] {chosen[i], rejected[i]} : new double[][] {chosen[i]};
        }
        return rows;
    }

    static BatchTotals totals(List<Example> examples) {
        return new BatchTotals(
                examples.size(),
                Math.toIntExact(examples.stream().filter(e -> e.chosenTokens() > 0).count()),
                Math.toIntExact(examples.stream().filter(e -> e.rejectedTokens() > 0).count()),
                examples.stream().mapToLong(Example::chosenTokens).sum(),
                examples.stream().mapToLong(Example::rejectedTokens).sum(),
                examples.stream()
                        .filter(e -> e.chosenTokens() > 0)
                        .mapToLong(e -> Math.max(0, e.row().prompt().length - 1))
                        .sum());
    }

    /// Consecutive parts of at most `size`.
    static <T> List<List<T>> parts(List<T> all, int size) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            parts.add(all.subList(from, Math.min(from + size, all.size())));
        }
        return parts;
    }
}
