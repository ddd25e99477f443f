package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// What a reduced score becomes before answers are compared.
public sealed interface Transform {
    /// The score and its derivative.
    ///
    /// @param score the reduced log-prob or log-ratio
    /// @param normaliser what the reduction divided by: 1 or 1/tokens
    Slope at(double score, double normaliser);

    /// A score x in LaTeX.
    String latex(String x);

    /// The score itself.
    record Identity() implements Transform {
        @Override
        public Slope at(double score, double normaliser) {
            return new Slope(score, 1);
        }

        @Override
        public String latex(String x) {
            return x;
        }
    }

    /// f′ of an f-divergence at the ratio of policy and reference (f-DPO, arXiv 2309.16240).
    ///
    /// It applies to the log-ratio h of the whole sequence and is divided by its length where the
    /// reduction is a mean, as in TRL.
    @Called("f-divergence")
    record FDivergence(
            @Parameter(
                            label = "Divergence",
                            help = "Which divergence from the reference is kept small.",
                            source = "`f_divergence_type` in TRL",
                            initial = "forward-kl")
                    Kind divergence,
            @Parameter(
                            label = "Coefficient",
                            symbol = "α",
                            help =
                                    "Of the α-divergence only: near 1 it is the reverse KL of DPO,"
                                            + " towards 0 the forward KL.",
                            source = "`f_alpha_divergence_coef` in TRL: 0.5",
                            initial = "0.5",
                            low = 0,
                            high = 1)
                    double coefficient)
            implements Transform {
        /// The divergences that TRL knows beside the reverse KL, which is [Identity].
        public enum Kind {
            /// 1 − e^−h
            @Called("Forward KL")
            FORWARD_KL,
            /// log 2 + log σ(h)
            @Called("Jensen–Shannon")
            JS,
            /// (e^((α−1)h) − 1) / (α − 1)
            @Called("α-divergence")
            ALPHA
        }

        /// As near to 1 as TRL takes for 1.
        private static final double NEAR_ONE = 1e-6;

        public FDivergence {
            Settings.require(FDivergence.class, "coefficient", coefficient);
        }

        @Override
        public Slope at(double score, double normaliser) {
            Slope whole = ofLogRatio(score / normaliser);
            return new Slope(whole.value() * normaliser, whole.derivative());
        }

        private Slope ofLogRatio(double h) {
            return switch (divergence) {
                case FORWARD_KL -> {
                    Slope e = Numerics.exp(-h);
                    yield new Slope(1 - e.value(), e.derivative());
                }
                case JS -> new Slope(Math.log(2) - Numerics.softplus(-h), Numerics.sigmoid(-h));
                case ALPHA -> {
                    double a = coefficient - 1;
                    Slope e = Numerics.exp(a * h);
                    yield Math.abs(a) < NEAR_ONE
                            ? new Slope(h, 1)
                            : new Slope((e.value() - 1) / a, e.derivative());
                }
            };
        }

        @Override
        public String latex(String x) {
            return switch (divergence) {
                case FORWARD_KL -> "(1-e^{-" + x + "})";
                case JS -> "\\log 2\\sigma(" + x + ")";
                case ALPHA -> "\\frac{e^{(\\alpha-1)" + x + "}-1}{\\alpha-1}";
            };
        }
    }

    /// AlphaPO's reward (1 − e^(−α·score)) / α, which is the score itself for α → 0 (arXiv
    /// 2501.03884). Sums would overflow, so it takes means.
    @Called("α-reward")
    record AlphaReward(
            @Parameter(
                            label = "Reward shape",
                            symbol = "α",
                            help =
                                    "Above 0 improbable answers are punished more than in"
                                            + " proportion, below 0 less; 0 is the log-prob.",
                            source = "AlphaPO: 0.25; `alpha` of TRL's CPO",
                            initial = "0.25",
                            low = -0.5,
                            high = 0.5)
                    double alpha)
            implements Transform {
        public AlphaReward {
            Settings.require(AlphaReward.class, "alpha", alpha);
        }

        @Override
        public Slope at(double score, double normaliser) {
            if (alpha == 0) {
                return new Slope(score, 1);
            }
            Slope e = Numerics.exp(-alpha * score);
            return new Slope((1 - e.value()) / alpha, e.derivative());
        }

        @Override
        public String latex(String x) {
            return "\\frac{1-e^{-\\alpha " + x + "}}{\\alpha}";
        }
    }

    /// The log-odds of the mean log-prob, as in ORPO (arXiv 2403.07691).
    @Called("Log-odds")
    record LogOdds() implements Transform {
        @Override
        public Slope at(double score, double normaliser) {
            return Numerics.logOdds(score);
        }

        @Override
        public String latex(String x) {
            return "\\log\\frac{e^{" + x + "}}{1-e^{" + x + "}}";
        }
    }
}
