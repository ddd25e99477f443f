package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// What the score difference must exceed before a contrast is content, in the unit of the score; it
/// carries no gradient.
public sealed interface Margin {
    /// The margin in LaTeX; empty where there is none.
    String latex();

    /// No margin.
    record Zero() implements Margin {
        @Override
        public String latex() {
            return "";
        }
    }

    /// SimPO's target margin, as the ratio γ/β that its authors tune. Libraries that take
    /// `simpo_gamma` divide it by β.
    record Constant(
            @Parameter(
                            label = "Target margin",
                            symbol = "γ/β",
                            unit = "score",
                            help =
                                    "The score difference at which the sigmoid is at its middle; γ ="
                                            + " β × this.",
                            source = "SimPO (arXiv 2405.14734), tuned as gamma_beta_ratio",
                            initial = "0.5",
                            min = 0,
                            low = 0,
                            high = 2)
                    double gammaOverBeta)
            implements Margin {
        public Constant {
            Settings.require(Constant.class, "gammaOverBeta", gammaOverBeta);
        }

        @Override
        public String latex() {
            return "\\gamma/\\beta";
        }
    }

    /// R-DPO's length term: adds α · (T_w − T_l) to z (arXiv 2403.19159). The papers disagree on
    /// the sign; plus follows from a reward of r − α · tokens.
    record Length(
            @Parameter(
                            label = "Length term",
                            symbol = "α",
                            unit = "per token",
                            help =
                                    "Added to z for each token that the chosen answer is longer:"
                                            + " above 0 a longer chosen answer is pushed less.",
                            source =
                                    "R-DPO: 0.05 to 1; plus by derivation and in StaPO's table, minus"
                                            + " in α-DPO's appendix and RainbowPO",
                            initial = "0.05",
                            low = -1,
                            high = 1)
                    double alpha)
            implements Margin {
        public Length {
            Settings.require(Length.class, "alpha", alpha);
        }

        @Override
        public String latex() {
            return "\\alpha(T_l-T_w)/\\beta";
        }
    }

    /// α-DPO's margin of each pair: γ/β + α · z, where z is how many standard deviations the pair's
    /// log-ratio difference lies from a running mean (arXiv 2410.10148).
    record Adaptive(
            @Parameter(
                            label = "Target margin",
                            symbol = "γ/β",
                            unit = "score",
                            help = "The margin of a pair whose log-ratio difference is average.",
                            source = "α-DPO: 0.15 for Mistral, 0.6 for Llama-3, 0.4 for Gemma-2",
                            initial = "0.4",
                            min = 0,
                            low = 0,
                            high = 2)
                    double gammaOverBeta,
            @Parameter(
                            label = "Adaptivity",
                            symbol = "α",
                            unit = "score per standard deviation",
                            help = "How much the margin follows the pair; 0 is SimPO.",
                            source = "α-DPO: 0.05 to 0.2",
                            initial = "0.05",
                            min = 0,
                            low = 0,
                            high = 0.5)
                    double alpha,
            @Parameter(
                            label = "Decay",
                            help =
                                    "Of the running mean and standard deviation, from one step to"
                                            + " the next; both start at 0.",
                            source = "α-DPO's code: 0.9",
                            initial = "0.9",
                            min = 0,
                            below = 1,
                            low = 0,
                            high = 0.99)
                    double decay,
            @Parameter(
                            label = "Adaptive part",
                            help =
                                    "Whether β multiplies the adaptive part too, as in the code, or"
                                            + " not, as in the paper.",
                            source = "α-DPO: code and paper differ by the factor β",
                            initial = "times-beta")
                    Scaling scaling)
            implements Margin {
        /// How the adaptive part enters z.
        public enum Scaling {
            /// z contains β · α · (standard deviations), as in the code.
            TIMES_BETA,
            /// z contains α · (standard deviations), as in the paper.
            PLAIN
        }

        public Adaptive {
            Settings.require(Adaptive.class, "gammaOverBeta", gammaOverBeta);
            Settings.require(Adaptive.class, "alpha", alpha);
            Settings.require(Adaptive.class, "decay", decay);
        }

        /// The margin of a pair.
        ///
        /// @param deviations how many standard deviations its log-ratio difference is above the
        ///   mean
        double at(double deviations, double beta) {
            double part = alpha * deviations;
            return gammaOverBeta
                    + switch (scaling) {
                        case TIMES_BETA -> part;
                        case PLAIN -> part / beta;
                    };
        }

        @Override
        public String latex() {
            return scaling == Scaling.TIMES_BETA
                    ? "(\\gamma/\\beta+\\alpha M^*)"
                    : "(\\gamma+\\alpha M^*)/\\beta";
        }
    }

    /// A margin for each pair from the data's `offset` column, as in offset DPO (arXiv 2402.10571).
    @Called("Column of the data")
    record PerPair(
            @Parameter(
                            label = "Factor",
                            help = "Factor on the offset that the row states.",
                            source = "ODPO (arXiv 2402.10571)",
                            initial = "1",
                            low = 0,
                            high = 2)
                    double factor)
            implements Margin {
        public PerPair {
            Settings.require(PerPair.class, "factor", factor);
        }

        @Override
        public String latex() {
            return "\\delta_i";
        }
    }
}
