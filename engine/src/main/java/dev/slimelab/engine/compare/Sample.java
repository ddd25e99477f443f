package dev.slimelab.engine.compare;

import dev.slimelab.engine.random.SplitMix64;

import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.StandardDeviation;
import org.apache.commons.statistics.distribution.TDistribution;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/// One measured number per seed.
///
/// @param bySeed in the order of the seeds' names; never empty, every number finite
public record Sample(NavigableMap<String, Double> bySeed) {
    private static final int RESAMPLES = 10_000;

    /// How an interval is found.
    public enum IntervalKind {
        /// t · s / √n; exact for normal noise, and the one to use below about ten seeds.
        STUDENT,
        /// Percentiles of the means of 10,000 resamples; makes no assumption, and is too narrow for
        /// few seeds: three have only ten different resamples.
        BOOTSTRAP
    }

    /// A two-sided interval around a mean.
    public record Interval(double low, double high) {
        public double halfWidth() {
            return (high - low) / 2;
        }
    }

    public Sample {
        bySeed = Collections.unmodifiableNavigableMap(new TreeMap<>(bySeed));
        if (bySeed.isEmpty() || bySeed.values().stream().anyMatch(v -> !Double.isFinite(v))) {
            throw new IllegalArgumentException("A sample has at least one number, all finite.");
        }
    }

    public int n() {
        return bySeed.size();
    }

    public double mean() {
        return Mean.of(values()).getAsDouble();
    }

    /// Over n − 1; NaN for a single seed.
    public double standardDeviation() {
        return n() < 2 ? Double.NaN : StandardDeviation.of(values()).getAsDouble();
    }

    /// Of the mean; NaN at both ends for a single seed.
    ///
    /// @param level such as 0.95
    public Interval interval(IntervalKind kind, double level) {
        if (n() < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        return switch (kind) {
            case STUDENT -> {
                double half = quantile(level, n() - 1) * standardDeviation() / Math.sqrt(n());
                yield new Interval(mean() - half, mean() + half);
            }
            case BOOTSTRAP -> bootstrap(level);
        };
    }

    /// The smallest difference between the means of two groups of this size that would stand out
    /// from this sample's own noise: t · s · √(2/n). NaN for a single seed.
    public double noiseFloor(double level) {
        return n() < 2
                ? Double.NaN
                : quantile(level, n() - 1) * standardDeviation() * Math.sqrt(2.0 / n());
    }

    double of(String seed) {
        return Objects.requireNonNull(bySeed.get(seed), seed);
    }

    double[] values() {
        return bySeed.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// The two-sided quantile of Student's t.
    static double quantile(double level, double degreesOfFreedom) {
        return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability((1 - level) / 2);
    }

    /// Seeded by nothing but the numbers' count, so that the same runs always give the same
    /// interval.
    private Interval bootstrap(double level) {
        double[] values = values();
        SplitMix64 draws = SplitMix64.named(values.length, "bootstrap");
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += values[draws.below(values.length)];
            }
            means[i] = sum / values.length;
        }
        double[] ends = Quantile.withDefaults().evaluate(means, (1 - level) / 2, (1 + level) / 2);
        return new Interval(ends[0], ends[1]);
    }
}
