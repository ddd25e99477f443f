package dev.slimelab.engine.objective;

import static dev.slimelab.engine.objective.Numerics.sigmoid;
import static dev.slimelab.engine.objective.Numerics.softplus;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// The pairwise part of an objective: a function of z = β · (score of chosen − score of rejected −
/// margin).
public sealed interface Contrast {
    /// Factor on the whole term.
    double weight();

    /// The weighted loss of one pair at `z` and its derivative with respect to z.
    Slope at(double z);

    /// The weighted term in LaTeX, over z.
    String latex();

    /// −(1−ε) log σ(z) − ε log σ(−z): Bradley–Terry as in DPO, SimPO and CPO, smoothed as in cDPO.
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
        public Slope at(double z) {
            double value = (1 - labelSmoothing) * softplus(-z) + labelSmoothing * softplus(z);
            return new Slope(value, labelSmoothing - sigmoid(-z)).times(weight);
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
        public Slope at(double z) {
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
}
