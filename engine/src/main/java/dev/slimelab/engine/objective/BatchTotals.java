package dev.slimelab.engine.objective;

import org.jspecify.annotations.Nullable;

/// The sizes of a whole optimiser batch, known before any forward pass.
///
/// Means are taken over these, so a batch that is evaluated in several parts gives the sum of its
/// parts, and the loss does not depend on how the batch was split.
///
/// @param pairs number of rows
/// @param chosenAnswers rows that have a chosen answer: all of them where the data is paired
/// @param rejectedAnswers rows that have a rejected answer
/// @param chosenTokens completion tokens of all chosen answers
/// @param rejectedTokens completion tokens of all rejected answers
/// @param promptTokens tokens of all prompts after their first, of rows with a chosen answer
public record BatchTotals(
        int pairs,
        int chosenAnswers,
        int rejectedAnswers,
        long chosenTokens,
        long rejectedTokens,
        long promptTokens) {
    /// The totals of a batch that is evaluated as one part.
    public static BatchTotals of(PairLogps batch) {
        return new BatchTotals(
                batch.pairs(),
                answers(batch.chosen()),
                answers(batch.rejected()),
                tokens(batch.chosen()),
                tokens(batch.rejected()),
                tokens(batch.extras().prompt()));
    }

    int answers() {
        return chosenAnswers + rejectedAnswers;
    }

    private static int answers(double[][] completions) {
        int answers = 0;
        for (double[] completion : completions) {
            answers += completion.length > 0 ? 1 : 0;
        }
        return answers;
    }

    private static long tokens(double @Nullable [][] completions) {
        long tokens = 0;
        if (completions != null) {
            for (double[] completion : completions) {
                tokens += completion.length;
            }
        }
        return tokens;
    }
}
