package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// How much each pair counts in contrast and unary; it carries no gradient.
public sealed interface PairWeight {
    /// Every pair counts the same.
    record Equal() implements PairWeight {}

    /// Pairs count by how likely the policy is to write them, w_w · w_l with w = exp(mean_t(logp_t
    /// − log Σ_v π_t(v)²)): answers that it would not write any more fade out (WPO, arXiv
    /// 2406.11827).
    @Called("WPO")
    record Wpo() implements PairWeight {}

    /// β-DPO (arXiv 2407.08639, as its code computes it): of each batch only a share of the pairs
    /// is kept, drawn with weights exp(−½((H − μ)/σ)²), and β becomes max(0.001, β · (1 + a · (mean
    /// of kept H − μ))). μ and σ are running values of H, the log-ratio difference.
    @Called("β-DPO")
    record BetaDpo(
            @Parameter(
                            label = "Dropped share",
                            symbol = "ρ",
                            help = "Share of the batch's pairs that are left out.",
                            source = "β-DPO: 0.2",
                            initial = "0.2",
                            min = 0,
                            below = 1,
                            low = 0,
                            high = 0.8)
                    double dropped,
            @Parameter(
                            label = "Sensitivity",
                            symbol = "a",
                            unit = "per nat",
                            help = "How much β follows the batch; 0 leaves β alone.",
                            source = "β-DPO: 0.6 in its README",
                            initial = "0.6",
                            min = 0,
                            low = 0,
                            high = 1)
                    double sensitivity,
            @Parameter(
                            label = "Decay",
                            help =
                                    "Of the running mean and standard deviation, from one step to"
                                            + " the next; both start at 0.",
                            source = "β-DPO's code: 0.9",
                            initial = "0.9",
                            min = 0,
                            below = 1,
                            low = 0,
                            high = 0.99)
                    double decay)
            implements PairWeight {
        private static final double LEAST_BETA = 1e-3;

        public BetaDpo {
            Settings.require(BetaDpo.class, "dropped", dropped);
            Settings.require(BetaDpo.class, "sensitivity", sensitivity);
            Settings.require(BetaDpo.class, "decay", decay);
        }

        /// β for a batch whose kept pairs lie `excess` above the running mean.
        double beta(double base, double excess) {
            return Math.max(LEAST_BETA, base * (1 + sensitivity * excess));
        }

        /// How many of `pairs` are kept, at least one.
        int kept(int pairs) {
            return Math.max(1, (int) (pairs * (1 - dropped)));
        }
    }

    /// The data's `weight` column.
    record Column() implements PairWeight {}
}
