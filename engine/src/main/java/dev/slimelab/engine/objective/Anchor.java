package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// Keeps the likelihood of the chosen answer up, whatever the contrast does.
public sealed interface Anchor {
    double weight();

    /// ∂(weighted anchor)/∂logp_t for one chosen completion of `tokens` tokens in a batch of
    /// `totals`; the anchor is linear, so its value is this times the sum of the log-probs.
    double tokenSlope(int tokens, BatchTotals totals);

    /// The weighted term in LaTeX.
    String latex();

    /// Negative log-likelihood of the chosen answers.
    record Nll(
            @Parameter(
                            label = "Weight",
                            symbol = "λ_w",
                            help = "How strongly the likelihood of the chosen answer is raised.",
                            source =
                                    "SLIME (arXiv 2602.02383): 0.1; `center_lambda_chosen`, 0.8 in"
                                            + " SlimeConfig",
                            initial = "0.1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Average",
                            help =
                                    "Over what the likelihood is averaged; the three differ by a"
                                            + " factor of the answer's length.",
                            source =
                                    "SLIME: sequence-mean; TRL's SFT, CPO and ORPO: token-mean over"
                                            + " the batch",
                            initial = "sequence-mean")
                    Average average)
            implements Anchor {
        public enum Average {
            /// mean over pairs of −Σ_t logp_t
            SUM,
            /// mean over pairs of the mean over tokens
            SEQUENCE_MEAN,
            /// mean over all chosen tokens of the batch: long answers weigh more
            TOKEN_MEAN
        }

        public Nll {
            Settings.require(Nll.class, "weight", weight);
        }

        @Override
        public double tokenSlope(int tokens, BatchTotals totals) {
            return switch (average) {
                case SUM -> -weight / totals.pairs();
                case SEQUENCE_MEAN -> -weight / ((double) totals.pairs() * tokens);
                case TOKEN_MEAN -> -weight / totals.chosenTokens();
            };
        }

        @Override
        public String latex() {
            String score = average == Average.SUM ? "s_w" : "\\bar{\\ell}_w";
            return "-\\lambda_w\\," + score;
        }
    }
}
