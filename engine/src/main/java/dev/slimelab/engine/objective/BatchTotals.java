package dev.slimelab.engine.objective;

/// The sizes of a whole optimiser batch, known before any forward pass.
///
/// Means are taken over these, so a batch that is evaluated in several parts gives the sum of its
/// parts, and the loss does not depend on how the batch was split.
///
/// @param pairs number of pairs
/// @param chosenTokens completion tokens of all chosen answers
/// @param rejectedTokens completion tokens of all rejected answers
public record BatchTotals(int pairs, long chosenTokens, long rejectedTokens) {
    /// The totals of a batch that is evaluated as one part.
    public static BatchTotals of(PairLogps batch) {
        return new BatchTotals(batch.pairs(), tokens(batch.chosen()), tokens(batch.rejected()));
    }

    private static long tokens(double[][] completions) {
        long tokens = 0;
        for (double[] completion : completions) {
            tokens += completion.length;
        }
        return tokens;
    }
}
