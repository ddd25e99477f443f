package dev.slimelab.engine.objective;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What an objective says of one batch, or of one part of it.
///
/// @param terms each active term with its value and gradient, in the objective's order
/// @param margins score of chosen − score of rejected per pair, before β and the margin, in the
///   score's unit; NaN where a row lacks an answer
/// @param z what the contrast was evaluated at, one number per comparison: β · (difference of
///   scores − margin); empty without a contrast
/// @param rewardsChosen β × score per pair; NaN where the row has no chosen answer
/// @param rewardsRejected likewise
/// @param carry what the next step starts with
/// @param facts numbers worth a metric, by the metric's name: the β that was used, KTO's KL, …
public record Evaluation(
        List<Term> terms,
        double[] margins,
        double[] z,
        double[] rewardsChosen,
        double[] rewardsRejected,
        Carry carry,
        Map<String, Double> facts) {
    /// One term's weighted value and its gradient with respect to every token's log-prob.
    ///
    /// @param chosen `(pairs, chosen tokens)`, ragged, as in [PairLogps]
    /// @param rejected likewise
    /// @param prompt likewise for the prompt's tokens after the first; null for terms that do not
    ///   read them
    public record Term(
            String name,
            double value,
            double[][] chosen,
            double[][] rejected,
            double @Nullable [][] prompt) {
        /// Σ|c_t| over all tokens: how hard the term pulls.
        public double pull() {
            return pull(chosen) + pull(rejected) + (prompt == null ? 0 : pull(prompt));
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

        private Term part(int from, int to, double share) {
            return new Term(
                    name,
                    value * share,
                    Arrays.copyOfRange(chosen, from, to),
                    Arrays.copyOfRange(rejected, from, to),
                    prompt == null ? null : Arrays.copyOfRange(prompt, from, to));
        }
    }

    /// What concerns pairs `from` (inclusive) to `to` (exclusive), with each term's value in
    /// proportion to the pairs.
    ///
    /// Only for logging do the values of a part matter; gradients and per-pair numbers are exact.
    public Evaluation part(int from, int to) {
        double share = (double) (to - from) / margins.length;
        int perPair = z.length / margins.length;
        return new Evaluation(
                terms.stream().map(term -> term.part(from, to, share)).toList(),
                Arrays.copyOfRange(margins, from, to),
                Arrays.copyOfRange(z, perPair * from, perPair * to),
                Arrays.copyOfRange(rewardsChosen, from, to),
                Arrays.copyOfRange(rewardsRejected, from, to),
                carry,
                facts);
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

    /// ∂loss/∂logp_t of the prompts' tokens after the first; null where no term reads them.
    public double @Nullable [][] promptGradient() {
        List<double[][]> gradients =
                terms.stream().map(Term::prompt).filter(Objects::nonNull).toList();
        return gradients.isEmpty() ? null : total(gradients);
    }

    private static double[][] total(List<double[][]> gradients) {
        double[][] total = Terms.zerosLike(gradients.getFirst());
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
