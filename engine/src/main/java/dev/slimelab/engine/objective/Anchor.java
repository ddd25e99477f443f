package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// Keeps the likelihood of the chosen answer up, whatever the contrast does.
public sealed interface Anchor {
    double weight();

    /// The weighted term in LaTeX.
    String latex();

    /// Negative log-likelihood of the chosen answers.
    @Called("NLL of the chosen")
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
                    Average average,
            @Parameter(
                            label = "Tokens",
                            help = "Whether the prompt's tokens count too.",
                            source =
                                    "ORPO in TRL: prompt-and-completion; everywhere else: completion",
                            initial = "completion")
                    Span span,
            @Parameter(
                            label = "Factor β",
                            help = "Whether the weight is multiplied by β.",
                            source = "RPO's first code: times-beta; everywhere else: plain",
                            initial = "plain")
                    Scaling scaling)
            implements Anchor {
        public enum Average {
            /// mean over pairs of −Σ_t logp_t
            SUM,
            /// mean over pairs of the mean over tokens
            SEQUENCE_MEAN,
            /// mean over all chosen tokens of the batch: long answers weigh more
            TOKEN_MEAN;

            /// How much each token of one chosen answer counts in the average of a batch.
            ///
            /// @param tokens how many tokens of the answer are scored
            /// @param all how many tokens of all chosen answers are
            public double tokenShare(int tokens, int answers, long all) {
                return switch (this) {
                    case SUM -> 1.0 / answers;
                    case SEQUENCE_MEAN -> 1 / ((double) answers * tokens);
                    case TOKEN_MEAN -> 1.0 / all;
                };
            }
        }

        /// Which tokens of the chosen sequence are scored.
        public enum Span {
            COMPLETION,
            /// The prompt after its first token, then the completion.
            @Called("Prompt, completion")
            PROMPT_AND_COMPLETION
        }

        public enum Scaling {
            PLAIN,
            TIMES_BETA
        }

        public Nll {
            Settings.require(Nll.class, "weight", weight);
        }

        /// Over the completion, with the weight as it stands.
        public Nll(double weight, Average average) {
            this(weight, average, Span.COMPLETION, Scaling.PLAIN);
        }

        /// ∂(weighted anchor)/∂logp_t for one chosen answer in a batch of `totals`; the anchor is
        /// linear, so its value is this times the sum of the log-probs.
        ///
        /// @param tokens how many tokens of it are scored
        double tokenSlope(int tokens, double beta, BatchTotals totals) {
            long all =
                    totals.chosenTokens()
                            + (span == Span.PROMPT_AND_COMPLETION ? totals.promptTokens() : 0);
            double factor = scaling == Scaling.TIMES_BETA ? weight * beta : weight;
            return -factor * average.tokenShare(tokens, totals.chosenAnswers(), all);
        }

        @Override
        public String latex() {
            String weight = scaling == Scaling.TIMES_BETA ? "\\beta\\lambda_w" : "\\lambda_w";
            return "-" + weight + "\\," + (average == Average.SUM ? "s_w" : "\\bar{\\ell}_w");
        }
    }

    /// Lowers z by λ · max(0, −f_w) inside the contrast, where a chosen answer has become less
    /// likely than under the reference (DPO-Positive, arXiv 2402.13228).
    ///
    /// Its value is what the contrast would be less without it.
    record ReferenceFloor(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help =
                                    "How much a fall of the chosen answer counts against the margin.",
                            source = "DPOP presets of the community: 50 with β 0.3",
                            initial = "50",
                            min = 0,
                            low = 0,
                            high = 100)
                    double weight)
            implements Anchor {
        public ReferenceFloor {
            Settings.require(ReferenceFloor.class, "weight", weight);
        }

        /// What is taken off the margin of a pair, in the unit of the score.
        Slope at(double chosen) {
            return Slope.hinge(-chosen).mirrored().times(weight);
        }

        @Override
        public String latex() {
            return "";
        }
    }
}
