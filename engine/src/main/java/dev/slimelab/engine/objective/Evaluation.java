package dev.slimelab.engine.objective;

import java.util.Arrays;
import java.util.List;

/// What an objective says of one batch, or of one part of it.
///
/// @param terms each active term with its value and gradient, in the objective's order
/// @param margins score of chosen − score of rejected per pair, before β and the margin, in the
///   score's unit
/// @param rewardsChosen β × score per pair
/// @param rewardsRejected likewise
public record Evaluation(
        List<Term> terms, double[] margins, double[] rewardsChosen, double[] rewardsRejected) {
    /// One term's weighted value and its gradient with respect to every token's log-prob.
    ///
    /// @param chosen `(pairs, chosen tokens)`, ragged, as in [PairLogps]
    /// @param rejected likewise
    public record Term(String name, double value, double[][] chosen, double[][] rejected) {
        /// Σ|c_t| over all tokens: how hard the term pulls.
        public double pull() {
            return pull(chosen) + pull(rejected);
        }

        private static double pull(double[][] gradient) {
            double pull = 0;
            for (double[] tokens : gradient) {
                for (double c : tokens) {
                    pull += Math.abs(c);
                }
            }
            return pull;
        }
    }

    /// What concerns pairs `from` (inclusive) to `to` (exclusive), with each term's value in
    /// proportion to the pairs.
    ///
    /// Only for logging do the values of a part matter; gradients and per-pair numbers are exact.
    public Evaluation part(int from, int to) {
        double share = (double) (to - from) / margins.length;
        return new Evaluation(
                terms.stream()
                        .map(
                                term ->
                                        new Term(
                                                term.name,
                                                term.value * share,
                                                Arrays.copyOfRange(term.chosen, from, to),
                                                Arrays.copyOfRange(term.rejected, from, to)))
                        .toList(),
                Arrays.copyOfRange(margins, from, to),
                Arrays.copyOfRange(rewardsChosen, from, to),
                Arrays.copyOfRange(rewardsRejected, from, to));
    }

    /// The loss: the sum of the terms.
    public double value() {
        return terms.stream().mapToDouble(Term::value).sum();
    }

    /// ∂loss/∂logp_t of the chosen answers, summed over the terms.
    public double[][] chosenGradient() {
        return total(terms.stream().map(Term::chosen).toList());
    }

    /// ∂loss/∂logp_t of the rejected answers, summed over the terms.
    public double[][] rejectedGradient() {
        return total(terms.stream().map(Term::rejected).toList());
    }

    private static double[][] total(List<double[][]> gradients) {
        double[][] total = Objective.zerosLike(gradients.getFirst());
        for (double[][] gradient : gradients) {
            for (int pair = 0; pair < total.length; pair++) {
                for (int t = 0; t < total[pair].length; t++) {
                    total[pair][t] += gradient[pair][t];
                }
            }
        }
        return total;
    }
}
