package dev.slimelab.engine.compare;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// How often a two-sided t test finds an effect that is there.
public final class Power {
    /// The customary share of effects that an experiment should find.
    public static final double WANTED = 0.8;

    /// Beyond this many seeds an answer in seeds is no answer.
    public static final int MOST_SEEDS = 1000;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final int INTERVALS = 400;

    private Power() {}

    /// The chance that |T| exceeds the critical value, where T is noncentral t: the normal tail,
    /// averaged over the chi distribution of the estimated deviation.
    ///
    /// @param noncentrality the true difference over the standard error of its estimate
    /// @param alpha the significance level, two-sided
    public static double ofT(double noncentrality, double degreesOfFreedom, double alpha) {
        double critical = TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(alpha / 2);
        ChiSquaredDistribution chi = ChiSquaredDistribution.of(degreesOfFreedom);
        double spread = 10 / Math.sqrt(2 * degreesOfFreedom);
        double from = Math.max(0, 1 - spread);
        double width = (1 + spread - from) / INTERVALS;
        double sum = 0;
        // Simpson's rule over the ratio of estimated and true deviation. At 0 with one degree of
        // freedom the density of the square has a pole that the change of variable takes away.
        for (int i = 0; i <= INTERVALS; i++) {
            double ratio = Math.max(from + i * width, 1e-9);
            double density =
                    chi.density(degreesOfFreedom * ratio * ratio) * 2 * degreesOfFreedom * ratio;
            double found =
                    NORMAL.survivalProbability(critical * ratio - noncentrality)
                            + NORMAL.cumulativeProbability(-critical * ratio - noncentrality);
            int weight = i == 0 || i == INTERVALS ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * density * found;
        }
        return sum * width / 3;
    }

    /// The fewest seeds with which a paired test finds the effect with the [#WANTED] chance;
    /// [#MOST_SEEDS] + 1 where that many are not enough.
    ///
    /// @param effect the true mean difference over the deviation of the differences
    public static int pairsFor(double effect, double alpha) {
        return fewest(n -> ofT(Math.abs(effect) * Math.sqrt(n), n - 1.0, alpha));
    }

    /// The same for two independent groups, seeds in each.
    ///
    /// @param effect the true difference of the means over the common deviation
    public static int perGroupFor(double effect, double alpha) {
        return fewest(n -> ofT(Math.abs(effect) * Math.sqrt(n / 2.0), 2.0 * n - 2, alpha));
    }

    private interface PowerOf {
        double seeds(int n);
    }

    private static int fewest(PowerOf power) {
        if (power.seeds(MOST_SEEDS) < WANTED) {
            return MOST_SEEDS + 1;
        }
        int low = 1;
        int high = MOST_SEEDS;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (power.seeds(middle) < WANTED) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
