package dev.slimelab.engine.objective;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// The scores of a batch's answers, and the way back from scores to tokens.
final class Scores {
    /// One side of the batch.
    ///
    /// @param weights w_t of each token, `(pairs, tokens)`
    /// @param policy Σ w_t · logp_t per pair; NaN where the row has no such answer
    /// @param reference the same of the reference; 0 where there is none
    /// @param scores f: after reference and transform
    /// @param slopes ∂f/∂(reduced log-prob)
    record Side(
            double[][] weights,
            double[] policy,
            double[] reference,
            double[] scores,
            double[] slopes) {
        /// Adds `push` · ∂f/∂logp_t of one answer to a gradient.
        void push(double[][] gradient, int pair, double push) {
            double factor = push * slopes[pair];
            double[] tokens = gradient[pair];
            for (int t = 0; t < tokens.length; t++) {
                tokens[t] += factor * weights[pair][t];
            }
        }

        /// The reduced log-ratio, whatever the score is measured against.
        double logRatio(int pair) {
            return policy[pair] - reference[pair];
        }
    }

    private final Side chosen;
    private final Side rejected;

    private Scores(Side chosen, Side rejected) {
        this.chosen = chosen;
        this.rejected = rejected;
    }

    /// @param tokenWeights w_t of both sides
    static Scores of(Objective objective, PairLogps batch, TokenWeights tokenWeights) {
        PairLogps reference = batch.reference();
        return new Scores(
                side(
                        objective,
                        batch.chosen(),
                        reference == null ? null : reference.chosen(),
                        tokenWeights.chosen()),
                side(
                        objective,
                        batch.rejected(),
                        reference == null ? null : reference.rejected(),
                        tokenWeights.rejected()));
    }

    private static Side side(
            Objective objective,
            double[][] logps,
            double @Nullable [][] reference,
            double[][] weights) {
        int pairs = logps.length;
        boolean ratio = objective.reference() == Reference.FROZEN;
        Side side =
                new Side(
                        weights,
                        new double[pairs],
                        new double[pairs],
                        new double[pairs],
                        new double[pairs]);
        for (int pair = 0; pair < pairs; pair++) {
            int tokens = logps[pair].length;
            if (tokens == 0) {
                side.policy[pair] = Double.NaN;
                side.scores[pair] = Double.NaN;
                continue;
            }
            side.policy[pair] = weighted(weights[pair], logps[pair]);
            if (reference != null) {
                side.reference[pair] = weighted(weights[pair], reference[pair]);
            }
            Slope score =
                    objective
                            .transform()
                            .at(
                                    ratio ? side.logRatio(pair) : side.policy[pair],
                                    objective.reduce().normaliser(tokens));
            side.scores[pair] = score.value();
            side.slopes[pair] = score.derivative();
        }
        return side;
    }

    private static double weighted(double[] weights, double[] logps) {
        double sum = 0;
        for (int t = 0; t < logps.length; t++) {
            sum += weights[t] * logps[t];
        }
        return sum;
    }

    Side chosen() {
        return chosen;
    }

    Side rejected() {
        return rejected;
    }

    int pairs() {
        return chosen.scores.length;
    }

    /// f_w − f_l.
    double margin(int pair) {
        return chosen.scores[pair] - rejected.scores[pair];
    }

    double[] margins() {
        double[] margins = new double[pairs()];
        for (int pair = 0; pair < margins.length; pair++) {
            margins[pair] = margin(pair);
        }
        return margins;
    }

    /// The difference of the log-ratios of policy and reference, which α-DPO and β-DPO adapt to.
    double[] logRatioGaps() {
        double[] gaps = new double[pairs()];
        for (int pair = 0; pair < gaps.length; pair++) {
            gaps[pair] = chosen.logRatio(pair) - rejected.logRatio(pair);
        }
        return gaps;
    }

    /// w_t of every token of both sides.
    record TokenWeights(double[][] chosen, double[][] rejected) {
        static TokenWeights of(Reduce reduce, PairLogps batch) {
            int[][] sentences = batch.extras().sentences();
            if (reduce instanceof Reduce.SentenceWeighted) {
                requireNonNull(sentences, "The objective needs sentences.");
            }
            double[][] chosen = new double[batch.pairs()][];
            double[][] rejected = new double[batch.pairs()][];
            for (int pair = 0; pair < batch.pairs(); pair++) {
                double[] w = batch.chosen()[pair];
                double[] l = batch.rejected()[pair];
                chosen[pair] =
                        reduce.weights(
                                new Reduce.Answer(
                                        w,
                                        l.length,
                                        true,
                                        sentences == null ? null : sentences[pair]));
                rejected[pair] = reduce.weights(new Reduce.Answer(l, w.length, false, null));
            }
            return new TokenWeights(chosen, rejected);
        }
    }
}
