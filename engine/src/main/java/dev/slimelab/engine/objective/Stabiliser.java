package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

import java.util.List;

/// Keeps single tokens from being pushed into impossibility.
public sealed interface Stabiliser {
    double weight();

    /// The weighted penalty of one token at log-prob `logp` (nats), before averaging, and its
    /// derivative.
    Slope at(double logp);

    /// Whether rejected answers take part.
    boolean readsRejected();

    /// Whether chosen answers take part.
    boolean readsChosen();

    /// Adds this term's value and gradient for the answers of one side of a part.
    ///
    /// @param logps log-probs of the part's answers
    /// @param answers how many answers the whole batch has on this side
    /// @param tokens how many tokens they have
    /// @param gradient receives ∂term/∂logp_t, same shape
    /// @return the term's value: the part's share of the batch mean
    double evaluate(double[][] logps, int answers, long tokens, double[][] gradient);

    /// Whether the term's average depends on log-probs of the whole batch, so that parts cannot be
    /// evaluated on their own.
    boolean couplesPairs();

    /// The weighted term in LaTeX.
    String latex();

    /// The parts of the axis of a token's log-prob between which the term changes what it does.
    List<Region> regions();

    /// SLIME's λ_l · mean_t softplus(−logp_t − δ)^p (arXiv 2602.02383, Eq. 7): smooth, never
    /// exactly 0, and steep once a token's probability is well below e^−δ.
    @Called("Softplus to a power")
    record SoftplusPower(
            @Parameter(
                            label = "Weight",
                            symbol = "λ_l",
                            help = "How strongly improbable tokens are raised.",
                            source =
                                    "SLIME (arXiv 2602.02383): 0.1; `center_lambda_rejected`, 0.0005"
                                            + " in SlimeConfig, where it is practically inactive",
                            initial = "0.1",
                            min = 0,
                            low = 0,
                            high = 1)
                    double weight,
            @Parameter(
                            label = "Threshold",
                            symbol = "δ",
                            unit = "nat",
                            help = "Tokens with a log-prob below −δ are in the penalty region.",
                            source =
                                    "SLIME: 1.25 (p = 0.29); `rejected_penalty_shift`, 0.5 in SlimeConfig",
                            initial = "1.25",
                            low = -1,
                            high = 6)
                    double delta,
            @Parameter(
                            label = "Exponent",
                            symbol = "p",
                            help =
                                    "How much faster than linearly the penalty grows; larger keeps"
                                            + " the tail of rejected tokens shorter.",
                            source = "SLIME: 2.5, Table 5 compares 1 to 3",
                            initial = "2.5",
                            min = 1,
                            max = 8,
                            low = 1,
                            high = 4)
                    double p,
            @Parameter(
                            label = "Average",
                            help =
                                    "Over what the penalty is averaged: per answer and then over"
                                            + " pairs, or over all tokens of the batch.",
                            source = "SLIME, paper: sequence-mean; reference code: token-mean",
                            initial = "sequence-mean")
                    Average average,
            @Parameter(
                            label = "Tokens at log-prob 0",
                            help =
                                    "Whether a token whose log-prob is exactly 0 counts in the"
                                            + " average.",
                            source =
                                    "The reference code masks padding by logp ≠ 0, which drops them",
                            initial = "count")
                    CertainTokens certainTokens,
            @Parameter(
                            label = "Answers",
                            help = "Whose tokens are kept possible.",
                            source = "SLIME: rejected",
                            initial = "rejected")
                    Answers answers)
            implements Stabiliser {
        public enum Average {
            SEQUENCE_MEAN,
            TOKEN_MEAN
        }

        /// What happens to tokens of log-prob exactly 0.
        public enum CertainTokens {
            COUNT,
            /// Left out of sum and count, as in the reference code. (Its 1e-8 in the denominator is
            /// lost in float32.)
            SKIP
        }

        /// Whose tokens the penalty covers.
        public enum Answers {
            REJECTED,
            CHOSEN,
            BOTH
        }

        public SoftplusPower {
            Settings.require(SoftplusPower.class, "weight", weight);
            Settings.require(SoftplusPower.class, "delta", delta);
            Settings.require(SoftplusPower.class, "p", p);
        }

        /// On rejected answers, as in the paper.
        public SoftplusPower(
                double weight, double delta, double p, Average average, CertainTokens certain) {
            this(weight, delta, p, average, certain, Answers.REJECTED);
        }

        @Override
        public Slope at(double logp) {
            double u = -logp - delta;
            double e = Math.exp(-Math.abs(u));
            double softplus = Math.max(u, 0) + Math.log1p(e);
            double sigmoid = (u >= 0 ? 1 : e) / (1 + e);
            double lower = Numerics.power(softplus, p - 1);
            return new Slope(weight * lower * softplus, -weight * p * lower * sigmoid);
        }

        /// δ is where the penalty begins to grow, as `slime/frac_below_delta` counts it.
        @Override
        public List<Region> regions() {
            return Region.between(List.of("below −δ, raised", "above −δ"), -delta);
        }

        @Override
        public boolean readsRejected() {
            return answers != Answers.CHOSEN;
        }

        @Override
        public boolean readsChosen() {
            return answers != Answers.REJECTED;
        }

        @Override
        public double evaluate(double[][] logps, int answers, long tokens, double[][] gradient) {
            double batchTokens = tokens;
            if (certainTokens == CertainTokens.SKIP) {
                batchTokens -= certain(logps);
            }
            double value = 0;
            for (int row = 0; row < logps.length; row++) {
                double perToken =
                        switch (average) {
                            case SEQUENCE_MEAN -> 1 / (answers * sequenceTokens(logps[row]));
                            case TOKEN_MEAN -> 1 / batchTokens;
                        };
                for (int t = 0; t < logps[row].length; t++) {
                    if (logps[row][t] == 0 && certainTokens == CertainTokens.SKIP) {
                        continue;
                    }
                    Slope token = at(logps[row][t]);
                    value += token.value() * perToken;
                    gradient[row][t] += token.derivative() * perToken;
                }
            }
            return value;
        }

        @Override
        public boolean couplesPairs() {
            return average == Average.TOKEN_MEAN && certainTokens == CertainTokens.SKIP;
        }

        private double sequenceTokens(double[] logps) {
            return certainTokens == CertainTokens.COUNT
                    ? logps.length
                    : logps.length - certain(logps);
        }

        private static long certain(double[]... completions) {
            long certain = 0;
            for (double[] completion : completions) {
                for (double logp : completion) {
                    certain += logp == 0 ? 1 : 0;
                }
            }
            return certain;
        }

        @Override
        public String latex() {
            return "\\lambda_l\\,\\mathrm{mean}_t\\,\\mathrm{softplus}(-\\ell_t-\\delta)^{p}";
        }
    }
}
