package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// How the log-probs of one completion become one number: Σ_t w_t · logp_t. The weights carry no
/// gradient.
public sealed interface Reduce {
    /// A completion as its reduction sees it.
    ///
    /// @param logps the policy's log-prob of each token, nats
    /// @param otherTokens how many tokens the other answer of the pair has; 0 where there is none
    /// @param chosen whether it is the chosen answer
    /// @param sentences index of the first token of each sentence; null where nothing asks for it
    record Answer(double[] logps, int otherTokens, boolean chosen, int @Nullable [] sentences) {
        int tokens() {
            return logps.length;
        }
    }

    /// w_t = ∂score/∂logp_t for every token: all the same, unless a kind says otherwise.
    default double[] weights(Answer answer) {
        return uniform(answer.tokens(), normaliser(answer.tokens()));
    }

    /// What all weights share: 1 for sums, 1/tokens for means.
    default double normaliser(int tokens) {
        return 1;
    }

    /// The reduction in LaTeX, over what is reduced at token t.
    String latex(String ofToken);

    /// The score of a completion of uniform weights; 0 for an empty one.
    default double of(double[] logps) {
        return logps.length == 0 ? 0 : Numerics.sum(logps) * normaliser(logps.length);
    }

    private static double[] uniform(int tokens, double weight) {
        double[] weights = new double[tokens];
        Arrays.fill(weights, weight);
        return weights;
    }

    /// Σ_t logp_t, as in DPO.
    @Called("Sum over tokens")
    record Sum() implements Reduce {
        @Override
        public String latex(String ofToken) {
            return "\\sum_t" + ofToken;
        }
    }

    /// The mean over the completion's tokens, as in SimPO and SLIME.
    @Called("Mean over tokens")
    record Mean() implements Reduce {
        @Override
        public double normaliser(int tokens) {
            return 1.0 / tokens;
        }

        @Override
        public String latex(String ofToken) {
            return "\\frac{1}{T}\\sum_t" + ofToken;
        }
    }

    /// A sum in which the tokens beyond the length of the shorter answer count `alpha`: 1 is the
    /// plain sum, 0 compares equal lengths (LD-DPO, arXiv 2409.06411).
    @Called("Desensitised sum")
    record LengthDesensitised(
            @Parameter(
                            label = "Excess tokens",
                            symbol = "α",
                            help =
                                    "Weight of the tokens that the longer answer has more than the"
                                            + " shorter one.",
                            source = "LD-DPO; `ld_alpha` in TRL",
                            initial = "0.5",
                            min = 0,
                            max = 1,
                            low = 0,
                            high = 1)
                    double alpha)
            implements Reduce {
        public LengthDesensitised {
            Settings.require(LengthDesensitised.class, "alpha", alpha);
        }

        @Override
        public double[] weights(Answer answer) {
            double[] weights = uniform(answer.tokens(), 1);
            int shared = Math.min(answer.tokens(), answer.otherTokens());
            Arrays.fill(weights, shared, weights.length, alpha);
            return weights;
        }

        @Override
        public String latex(String ofToken) {
            return "\\sum_{t\\le\\min(T_w,T_l)}"
                    + ofToken
                    + "+\\alpha\\sum_{t>\\min(T_w,T_l)}"
                    + ofToken;
        }
    }

    /// A sum in which the sentences of the chosen answer weigh 1 + w_i, where w_i is the negative
    /// perplexity of sentence i, scaled to 0…1 within the answer; the weights are then scaled to
    /// mean 1 over tokens. One sentence gives DPO. The rejected answer is summed plainly.
    ///
    /// The text form of ASPO (arXiv 2505.19100), approximate: rebuilt from notes, with a = 0 and (Σ
    /// T_i) / (Σ (1 + w_i) T_i) for the ratio that they leave open.
    @Called("Sentence-weighted")
    record SentenceWeighted() implements Reduce {
        @Override
        public double[] weights(Answer answer) {
            double[] weights = uniform(answer.tokens(), 1);
            int[] starts = answer.sentences();
            if (!answer.chosen() || starts == null || starts.length < 2) {
                return weights;
            }
            double[] perplexities = new double[starts.length];
            for (int i = 0; i < starts.length; i++) {
                double[] sentence =
                        Arrays.copyOfRange(answer.logps(), starts[i], end(starts, i, answer));
                perplexities[i] = Numerics.exp(-Numerics.mean(sentence)).value();
            }
            double highest = Arrays.stream(perplexities).max().orElseThrow();
            double spread = highest - Arrays.stream(perplexities).min().orElseThrow();
            if (spread == 0) {
                return weights;
            }
            for (int i = 0; i < starts.length; i++) {
                double w = (highest - perplexities[i]) / spread;
                Arrays.fill(weights, starts[i], end(starts, i, answer), 1 + w);
            }
            double scale = weights.length / Numerics.sum(weights);
            for (int t = 0; t < weights.length; t++) {
                weights[t] *= scale;
            }
            return weights;
        }

        private static int end(int[] starts, int sentence, Answer answer) {
            return sentence + 1 < starts.length ? starts[sentence + 1] : answer.tokens();
        }

        @Override
        public String latex(String ofToken) {
            return "\\sum_t w_t" + ofToken;
        }
    }

    /// Sums, each compared with a pilot of the other answer: the sum over a random subset of its
    /// tokens, which carries no gradient (SGDPO, arXiv 2505.12435, as its code computes it). The
    /// contrast is the mean of both comparisons.
    ///
    /// A pilot takes ⌊share · min(T_w, T_l)⌋ tokens, at least one, without replacement.
    @Called("Sums against pilots")
    record Pilots(
            @Parameter(
                            label = "Share of the chosen answer",
                            symbol = "r₁",
                            help = "How much of the chosen answer a pilot of it takes.",
                            source = "SGDPO: 0.6 in its config, 0.7 for Llama",
                            initial = "0.6",
                            above = 0,
                            max = 1,
                            low = 0.1,
                            high = 1)
                    double chosenShare,
            @Parameter(
                            label = "Share of the rejected answer",
                            symbol = "r₂",
                            help = "How much of the rejected answer a pilot of it takes.",
                            source = "SGDPO: 0.9",
                            initial = "0.9",
                            above = 0,
                            max = 1,
                            low = 0.1,
                            high = 1)
                    double rejectedShare)
            implements Reduce {
        public Pilots {
            Settings.require(Pilots.class, "chosenShare", chosenShare);
            Settings.require(Pilots.class, "rejectedShare", rejectedShare);
        }

        @Override
        public String latex(String ofToken) {
            return "\\sum_t" + ofToken;
        }

        /// How many tokens a pilot of an answer takes.
        int size(boolean chosen, int tokens, int otherTokens) {
            double share = chosen ? chosenShare : rejectedShare;
            return Math.max(1, (int) (share * Math.min(tokens, otherTokens)));
        }
    }
}
