package dev.slimelab.engine.objective;

import static dev.slimelab.engine.objective.Numerics.sigmoid;
import static dev.slimelab.engine.objective.Numerics.softplus;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import java.util.List;

/// The pairwise part of an objective: a function of z = β · (score of chosen − score of rejected −
/// margin).
public sealed interface Contrast {
    /// Factor on the whole term.
    double weight();

    /// The weighted loss of one pair at `z` and its derivative with respect to z.
    ///
    /// @param beta the factor that is in z, for kinds whose settings are in the unit of the score
    Slope at(double z, double beta);

    /// The weighted term in LaTeX, over z.
    String latex();

    /// The parts of the axis of z between which the term changes what it does; without a reason to
    /// divide it elsewhere, wrongly and rightly ranked pairs, of which a tie is not the latter.
    ///
    /// @param beta as in [#at]
    default List<Region> regions(double beta) {
        return Region.between(
                List.of("ranked wrongly or tied", "ranked rightly"), Double.MIN_VALUE);
    }

    /// −(1−ε) log σ(z) − ε log σ(−z): Bradley–Terry as in DPO, SimPO and CPO, smoothed as in cDPO.
    @Called("Log-sigmoid")
    record LogSigmoid(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Label smoothing",
                            symbol = "ε",
                            help = "The share of pairs assumed to be labelled the wrong way round.",
                            source = "cDPO; `label_smoothing` in TRL's CPO and in DPO up to 0.27",
                            initial = "0",
                            min = 0,
                            below = 0.5,
                            low = 0,
                            high = 0.4)
                    double labelSmoothing)
            implements Contrast {
        public LogSigmoid {
            Settings.require(LogSigmoid.class, "weight", weight);
            Settings.require(LogSigmoid.class, "labelSmoothing", labelSmoothing);
        }

        @Override
        public Slope at(double z, double beta) {
            return smoothed(z, labelSmoothing).times(weight);
        }

        @Override
        public String latex() {
            return labelSmoothing == 0
                    ? "-\\log\\sigma(z)"
                    : "-(1-\\varepsilon)\\log\\sigma(z)-\\varepsilon\\log\\sigma(-z)";
        }
    }

    /// SLIME's dual margin λ_d · max(0, m_h − z) · σ(−κ(z − m_s)): a hinge times a soft gate, both
    /// with gradient (arXiv 2602.02383, Eqs. 8–10). Each factor can be taken out for ablations;
    /// with both out the term is off.
    ///
    /// Continuous at m_h, where its slope jumps from σ(−κ(m_h − m_s)) to 0.
    record DualMargin(
            @Parameter(
                            label = "Weight",
                            symbol = "λ_d",
                            help = "Factor on the dual margin.",
                            source = "SLIME (arXiv 2602.02383): 1.0; `dist_lambda`",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Hard margin",
                            help =
                                    "The factor max(0, m_h − z): as a hinge, as a line, or left out.",
                            source = "SLIME, Eq. 8; `linear` is reading B of “w/o hard margin”",
                            initial = "hinge")
                    Hard hard,
            @Parameter(
                            label = "Hard margin",
                            symbol = "m_h",
                            unit = "nat per token",
                            help = "Pairs whose margin is beyond it get no push from the contrast.",
                            source = "SLIME: 1.5; `hard_margin`",
                            initial = "1.5",
                            low = 0,
                            high = 4)
                    double hardMargin,
            @Parameter(
                            label = "Soft margin",
                            help = "The gate σ(−κ(z − m_s)), or none.",
                            source = "SLIME, Eq. 9",
                            initial = "gate")
                    Soft soft,
            @Parameter(
                            label = "Soft margin",
                            symbol = "m_s",
                            unit = "nat per token",
                            help = "Where the gate is half closed.",
                            source = "SLIME: 1.0; `soft_margin`",
                            initial = "1",
                            low = 0,
                            high = 4)
                    double softMargin,
            @Parameter(
                            label = "Gate slope",
                            symbol = "κ",
                            unit = "per nat per token",
                            help = "How sharply the gate closes around the soft margin.",
                            source = "SLIME: 2.5",
                            initial = "2.5",
                            above = 0,
                            low = 0.5,
                            high = 10)
                    double kappa)
            implements Contrast {
        /// What stands for max(0, m_h − z).
        public enum Hard {
            HINGE,
            LINEAR,
            OFF
        }

        /// What stands for σ(−κ(z − m_s)).
        public enum Soft {
            GATE,
            OFF
        }

        public DualMargin {
            Settings.require(DualMargin.class, "weight", weight);
            Settings.require(DualMargin.class, "hardMargin", hardMargin);
            Settings.require(DualMargin.class, "softMargin", softMargin);
            Settings.require(DualMargin.class, "kappa", kappa);
        }

        @Override
        public Slope at(double z, double beta) {
            if (hard == Hard.OFF && soft == Soft.OFF) {
                return Slope.ZERO;
            }
            Slope h = hardFactor(z);
            Slope g = gate(z);
            return new Slope(
                            h.value() * g.value(),
                            h.derivative() * g.value() + h.value() * g.derivative())
                    .times(weight);
        }

        @Override
        public List<Region> regions(double beta) {
            boolean hinged = hard == Hard.HINGE;
            String beyond = "beyond the hard margin";
            if (soft == Soft.OFF || (hinged && softMargin >= hardMargin)) {
                return hinged
                        ? Region.between(List.of("below the hard margin", beyond), hardMargin)
                        : Contrast.super.regions(beta);
            }
            return hinged
                    ? Region.between(
                            List.of("below the soft margin", "between the margins", beyond),
                            softMargin,
                            hardMargin)
                    : Region.between(
                            List.of("below the soft margin", "beyond the soft margin"), softMargin);
        }

        /// The factor that stands for the hard margin, unweighted.
        public Slope hardFactor(double z) {
            double distance = hardMargin - z;
            return switch (hard) {
                case HINGE -> distance > 0 ? new Slope(distance, -1) : Slope.ZERO;
                case LINEAR -> new Slope(distance, -1);
                case OFF -> new Slope(1, 0);
            };
        }

        /// The factor that stands for the soft margin, unweighted.
        public Slope gate(double z) {
            return switch (soft) {
                case GATE -> {
                    double v = sigmoid(-kappa * (z - softMargin));
                    yield new Slope(v, -kappa * v * (1 - v));
                }
                case OFF -> new Slope(1, 0);
            };
        }

        @Override
        public String latex() {
            String h =
                    switch (hard) {
                        case HINGE -> "\\max(0,\\,m_h-z)";
                        case LINEAR -> "(m_h-z)";
                        case OFF -> "";
                    };
            String g = soft == Soft.GATE ? "\\,\\sigma(-\\kappa(z-m_s))" : "";
            return h.isEmpty() && g.isEmpty() ? "" : "\\lambda_d\\," + h + g;
        }
    }

    /// cDPO's loss without its bias: ((1−ε) · −log σ(z) − ε · −log σ(−z)) / (1 − 2ε). Unbounded
    /// below for large z (robust DPO, arXiv 2403.00409).
    @Called("Unbiased sigmoid")
    record Robust(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Label noise",
                            symbol = "ε",
                            help = "The share of pairs assumed to be labelled the wrong way round.",
                            source = "Robust DPO: 0.1; `label_smoothing` in TRL",
                            initial = "0.1",
                            min = 0,
                            below = 0.5,
                            low = 0,
                            high = 0.4)
                    double labelNoise)
            implements Contrast {
        public Robust {
            Settings.require(Robust.class, "weight", weight);
            Settings.require(Robust.class, "labelNoise", labelNoise);
        }

        @Override
        public Slope at(double z, double beta) {
            Slope clean = Slope.logistic(z).times(1 - labelNoise);
            Slope flipped = Slope.logistic(-z).mirrored().times(-labelNoise);
            return clean.plus(flipped).times(weight / (1 - 2 * labelNoise));
        }

        @Override
        public String latex() {
            return "\\frac{-(1-\\varepsilon)\\log\\sigma(z)+\\varepsilon\\log\\sigma(-z)}{1-2\\varepsilon}";
        }
    }

    /// max(0, target − z): as in SLiC-HF (arXiv 2305.10425) and RSO (arXiv 2309.06657).
    record Hinge(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Target",
                            symbol = "δ",
                            unit = "of z",
                            help = "Pairs beyond it get no push.",
                            source = "RSO and TRL: 1 with β 0.05 to 0.1; SLiC-HF: 1 with β 1",
                            initial = "1",
                            low = 0,
                            high = 4)
                    double target)
            implements Contrast {
        public Hinge {
            Settings.require(Hinge.class, "weight", weight);
            Settings.require(Hinge.class, "target", target);
        }

        @Override
        public Slope at(double z, double beta) {
            return Slope.hinge(target - z).mirrored().times(weight);
        }

        @Override
        public String latex() {
            return "\\max(0,\\,\\delta-z)";
        }

        @Override
        public List<Region> regions(double beta) {
            return Region.between(List.of("short of the target", "beyond the target"), target);
        }
    }

    /// (z − target)²: IPO (arXiv 2310.12036), whose τ gives the target 1/(2τ) at β = 1.
    @Called("Squared distance")
    record Squared(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Target",
                            symbol = "1/(2τ)",
                            unit = "of z",
                            help = "Where z is drawn to, from both sides.",
                            source =
                                    "IPO; TRL's `beta` is τ, and 0.1 asks for 5 nat per token, which"
                                            + " is a lot",
                            initial = "5",
                            low = 0,
                            high = 10)
                    double target)
            implements Contrast {
        public Squared {
            Settings.require(Squared.class, "weight", weight);
            Settings.require(Squared.class, "target", target);
        }

        @Override
        public Slope at(double z, double beta) {
            return Slope.square(z - target).times(weight);
        }

        @Override
        public String latex() {
            return "\\left(z-\\frac{1}{2\\tau}\\right)^2";
        }

        @Override
        public List<Region> regions(double beta) {
            return Region.between(
                    List.of("short of the target, pushed up", "beyond it, pushed down"), target);
        }
    }

    /// The reverse KL from the model's preference σ(z) to the label 1−ε: mode-seeking, least at z =
    /// log((1−ε)/ε) (EXO, arXiv 2402.00856).
    @Called("Reverse KL")
    record ReverseKl(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Label smoothing",
                            symbol = "ε",
                            help = "One minus the preference that the label stands for.",
                            source = "EXO; `label_smoothing` in TRL, which suggests 1e-3",
                            initial = "0.001",
                            above = 0,
                            below = 0.5,
                            low = 0.001,
                            high = 0.4,
                            scale = Parameter.Scale.LOGARITHMIC)
                    double labelSmoothing,
            @Parameter(
                            label = "Logarithms of ε",
                            help = "Whether log ε and log(1−ε) are rounded to 32 bits.",
                            source = "TRL since 1.0 rounds them, TRL 0.27 does not",
                            initial = "exact")
                    Logarithms logarithms)
            implements Contrast {
        /// How precisely the label's logarithms are taken.
        public enum Logarithms {
            EXACT,
            /// Of the 32-bit ε, rounded to 32 bits, as in TRL since 1.0.
            @Called("32 bits")
            SINGLE
        }

        public ReverseKl {
            Settings.require(ReverseKl.class, "weight", weight);
            Settings.require(ReverseKl.class, "labelSmoothing", labelSmoothing);
        }

        @Override
        public Slope at(double z, double beta) {
            double q = sigmoid(z);
            double surprise = -softplus(-z) - logOfLabel();
            double surpriseOther = -softplus(z) - logOfOther();
            double derivative = q * (1 - q) * (surprise - surpriseOther);
            return new Slope(q * surprise + (1 - q) * surpriseOther, derivative).times(weight);
        }

        private double logOfLabel() {
            return switch (logarithms) {
                case EXACT -> Math.log1p(-labelSmoothing);
                case SINGLE -> (float) Math.log1p(-(float) labelSmoothing);
            };
        }

        private double logOfOther() {
            return switch (logarithms) {
                case EXACT -> Math.log(labelSmoothing);
                case SINGLE -> (float) Math.log((float) labelSmoothing);
            };
        }

        @Override
        public String latex() {
            return "\\mathrm{KL}\\left(\\sigma(z)\\,\\|\\,1-\\varepsilon\\right)";
        }
    }

    /// StaPO's two margins: −log σ(β(Z − m_L)) − log σ(β(m_R − Z)) with z = βZ. Convex, symmetric
    /// about the middle and least there; between the margins it pulls too (read from pictures of
    /// the paper, OpenReview ke1f4IVR47).
    @Called("Two-sided margin")
    record TwoSided(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Left margin",
                            symbol = "m_L",
                            unit = "score",
                            help = "Pairs below it are pushed up.",
                            source = "Tuned per model in the paper; values unknown",
                            initial = "0.5",
                            low = 0,
                            high = 2)
                    double leftMargin,
            @Parameter(
                            label = "Right margin",
                            symbol = "m_R",
                            unit = "score",
                            help = "Pairs above it are pushed down.",
                            source = "StaPO: left margin + 0.2",
                            initial = "0.7",
                            low = 0,
                            high = 3)
                    double rightMargin)
            implements Contrast {
        public TwoSided {
            Settings.require(TwoSided.class, "weight", weight);
            Settings.require(TwoSided.class, "leftMargin", leftMargin);
            Settings.require(TwoSided.class, "rightMargin", rightMargin);
            if (leftMargin > rightMargin) {
                throw Problem.badRequest(
                        "leftMargin is "
                                + Settings.number(leftMargin)
                                + ", above rightMargin "
                                + Settings.number(rightMargin)
                                + ".",
                        "Set rightMargin to leftMargin + 0.2, as the paper does.");
            }
        }

        @Override
        public Slope at(double z, double beta) {
            Slope left = Slope.logistic(z - beta * leftMargin);
            Slope right = Slope.logistic(beta * rightMargin - z).mirrored();
            return left.plus(right).times(weight);
        }

        @Override
        public String latex() {
            return "-\\log\\sigma(z-\\beta m_L)-\\log\\sigma(\\beta m_R-z)";
        }

        @Override
        public List<Region> regions(double beta) {
            return Region.between(
                    List.of("left of the band", "in the band", "right of the band"),
                    beta * leftMargin,
                    beta * rightMargin);
        }
    }

    /// DiscoPOP's blend (1 − a) · −log σ(z) + a · e^−z with a = σ(z/τ), found by a language model
    /// (arXiv 2406.08414). Not convex.
    @Called("Exponential blend")
    record BlendExp(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Blend temperature",
                            symbol = "τ",
                            help = "How sharply the exponential takes over at z = 0.",
                            source = "DiscoPOP: 0.05; `discopop_tau` in TRL",
                            initial = "0.05",
                            above = 0,
                            max = 1,
                            low = 0.01,
                            high = 1,
                            scale = Parameter.Scale.LOGARITHMIC)
                    double tau)
            implements Contrast {
        public BlendExp {
            Settings.require(BlendExp.class, "weight", weight);
            Settings.require(BlendExp.class, "tau", tau);
        }

        /// a · e^−z is taken as one exponential, which stays finite because τ ≤ 1.
        @Override
        public Slope at(double z, double beta) {
            double a = sigmoid(z / tau);
            double logistic = softplus(-z);
            double exponential = Math.exp(-softplus(-z / tau) - z);
            double value = (1 - a) * logistic + exponential;
            double derivative =
                    (1 - a) * ((exponential - a * logistic) / tau - sigmoid(-z)) - exponential;
            return new Slope(value, derivative).times(weight);
        }

        @Override
        public String latex() {
            return "-(1-a)\\log\\sigma(z)+a\\,e^{-z},\\;a=\\sigma(z/\\tau)";
        }
    }

    /// The logistic loss of sorted quantities, so that distributions are compared instead of pairs
    /// (AOT, arXiv 2406.05882). Couples the batch.
    @Called("Sorted log-sigmoid")
    record Sorted(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "Factor on the contrast.",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Label smoothing",
                            symbol = "ε",
                            help = "The share of pairs assumed to be labelled the wrong way round.",
                            source = "`label_smoothing` in TRL",
                            initial = "0",
                            min = 0,
                            below = 0.5,
                            low = 0,
                            high = 0.4)
                    double labelSmoothing,
            @Parameter(
                            label = "What is sorted",
                            help =
                                    "The policy's margins against the reference's, or the chosen"
                                            + " scores against the rejected ones.",
                            source = "`aot` and `aot_unpaired` in TRL",
                            initial = "margins")
                    By by)
            implements Contrast {
        /// What is sorted before it is compared rank by rank.
        public enum By {
            /// Margins of the policy against margins of the reference.
            MARGINS,
            /// Scores of chosen answers against scores of rejected answers.
            SCORES
        }

        public Sorted {
            Settings.require(Sorted.class, "weight", weight);
            Settings.require(Sorted.class, "labelSmoothing", labelSmoothing);
        }

        @Override
        public Slope at(double z, double beta) {
            return smoothed(z, labelSmoothing).times(weight);
        }

        @Override
        public String latex() {
            return "-\\log\\sigma(z_{(i)})";
        }
    }

    private static Slope smoothed(double z, double labelSmoothing) {
        double value = (1 - labelSmoothing) * softplus(-z) + labelSmoothing * softplus(z);
        return new Slope(value, labelSmoothing - sigmoid(-z));
    }
}
