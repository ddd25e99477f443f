package dev.slimelab.engine.compare;

import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// One number of one row against the same number of the baseline, tested.
///
/// Where both have runs of the same seeds, the differences per seed are tested (paired t, over
/// those seeds); otherwise the means (Welch's t).
///
/// @param n seeds behind the difference: pairs, or seeds of the smaller group
/// @param difference the row's mean less the baseline's
/// @param interval of the difference, Student, at 1 − alpha, uncorrected
/// @param p two-sided, before correction
/// @param corrected p after Holm's correction over the tests of a table
/// @param threshold the p that this test had to stay below, Holm's
/// @param effect the difference in deviations of the noise, corrected for few seeds (Hedges' g)
public record Comparison(
        Design design,
        int n,
        double difference,
        Sample.Interval interval,
        double p,
        double corrected,
        double threshold,
        double effect,
        double alpha) {
    /// What is compared.
    public enum Design {
        PAIRED,
        INDEPENDENT
    }

    /// What may be said of a difference.
    public enum Verdict {
        HIGHER,
        LOWER,
        /// Not that there is no difference: that these runs do not show one.
        CANNOT_TELL
    }

    /// A row and the baseline that it is tested against.
    public record Question(Sample row, Sample baseline) {
        /// Whether there is anything to test: two seeds or more, on both sides.
        public boolean isTestable() {
            return common(row, baseline).size() >= 2 || (row.n() >= 2 && baseline.n() >= 2);
        }
    }

    public Verdict verdict() {
        if (corrected >= alpha) {
            return Verdict.CANNOT_TELL;
        }
        return difference > 0 ? Verdict.HIGHER : Verdict.LOWER;
    }

    /// How many seeds more would show a difference of the size seen, with the power customary, at
    /// this test's own threshold. Null where the verdict is clear; more than [Power#MOST_SEEDS]
    /// means that no feasible number would.
    public @Nullable Integer moreSeeds() {
        if (verdict() != Verdict.CANNOT_TELL) {
            return null;
        }
        if (difference == 0) {
            return Power.MOST_SEEDS + 1; // nothing to find, however often it is looked for
        }
        int needed =
                switch (design) {
                    case PAIRED -> Power.pairsFor(perPair(), threshold);
                    case INDEPENDENT -> Power.perGroupFor(effect, threshold);
                };
        return Math.max(1, needed - n);
    }

    /// The difference in deviations of the differences, from the interval's width.
    private double perPair() {
        double deviation =
                interval.halfWidth() / Sample.quantile(1 - alpha, n - 1.0) * Math.sqrt(n);
        return difference / deviation;
    }

    /// Tests a table's questions together: Holm's correction keeps the chance of any false
    /// difference among them at `alpha`.
    ///
    /// @param overlap test rows over training rows where seeds divide the same rows anew, which
    ///   makes their results depend on each other: the variance is then multiplied by 1/n + overlap
    ///   (Nadeau and Bengio, 2003); 0 where every seed is measured on the same held-out rows
    /// @return in the questions' order; null where there is nothing to test
    public static List<@Nullable Comparison> all(
            List<Question> questions, double overlap, double alpha) {
        List<@Nullable Comparison> tested = new ArrayList<>();
        for (Question question : questions) {
            tested.add(question.isTestable() ? test(question, overlap, alpha) : null);
        }
        List<Integer> byP =
                IntStream.range(0, tested.size())
                        .boxed()
                        .filter(i -> tested.get(i) != null)
                        .sorted(Comparator.comparingDouble(i -> of(tested, i).p))
                        .toList();
        double atLeast = 0;
        for (int rank = 0; rank < byP.size(); rank++) {
            int left = byP.size() - rank;
            Comparison one = of(tested, byP.get(rank));
            atLeast = Math.max(atLeast, Math.min(1, left * one.p));
            tested.set(byP.get(rank), one.corrected(atLeast, alpha / left));
        }
        return tested;
    }

    private static Comparison of(List<@Nullable Comparison> tested, int i) {
        return Objects.requireNonNull(tested.get(i));
    }

    private Comparison corrected(double corrected, double threshold) {
        return new Comparison(
                design, n, difference, interval, p, corrected, threshold, effect, alpha);
    }

    private static Comparison test(Question question, double overlap, double alpha) {
        List<String> seeds = common(question.row, question.baseline);
        return seeds.size() >= 2
                ? paired(question, seeds, overlap, alpha)
                : independent(question, alpha);
    }

    private static Comparison paired(
            Question question, List<String> seeds, double overlap, double alpha) {
        double[] differences =
                seeds.stream()
                        .mapToDouble(seed -> question.row.of(seed) - question.baseline.of(seed))
                        .toArray();
        int n = differences.length;
        double mean = Mean.of(differences).getAsDouble();
        double error =
                StandardDeviation.of(differences).getAsDouble() * Math.sqrt(1.0 / n + overlap);
        return of(Design.PAIRED, question, n, new Estimate(mean, error, n - 1.0), alpha);
    }

    private static Comparison independent(Question question, double alpha) {
        double a = squaredError(question.row);
        double b = squaredError(question.baseline);
        double mean = question.row.mean() - question.baseline.mean();
        double freedom =
                (a + b)
                        * (a + b)
                        / (a * a / (question.row.n() - 1) + b * b / (question.baseline.n() - 1));
        int n = Math.min(question.row.n(), question.baseline.n());
        return of(
                Design.INDEPENDENT,
                question,
                n,
                new Estimate(mean, Math.sqrt(a + b), a + b == 0 ? n - 1.0 : freedom),
                alpha);
    }

    /// @param error the standard error of the difference
    private record Estimate(double difference, double error, double degreesOfFreedom) {}

    private static Comparison of(
            Design design, Question question, int n, Estimate estimate, double alpha) {
        double half = Sample.quantile(1 - alpha, estimate.degreesOfFreedom) * estimate.error;
        double p =
                estimate.difference == 0
                        ? 1
                        : 2
                                * TDistribution.of(estimate.degreesOfFreedom)
                                        .survivalProbability(
                                                Math.abs(estimate.difference / estimate.error));
        return new Comparison(
                design,
                n,
                estimate.difference,
                new Sample.Interval(estimate.difference - half, estimate.difference + half),
                p,
                p,
                alpha,
                hedges(question, estimate.difference),
                alpha);
    }

    /// The difference over the pooled deviation of both, times 1 − 3 / (4 df − 1).
    private static double hedges(Question question, double difference) {
        int rowFreedom = question.row.n() - 1;
        int baselineFreedom = question.baseline.n() - 1;
        int freedom = rowFreedom + baselineFreedom;
        double squares =
                rowFreedom * square(question.row.standardDeviation())
                        + baselineFreedom * square(question.baseline.standardDeviation());
        return difference == 0
                ? 0
                : difference / Math.sqrt(squares / freedom) * (1 - 3.0 / (4.0 * freedom - 1));
    }

    private static double squaredError(Sample sample) {
        return square(sample.standardDeviation()) / sample.n();
    }

    private static double square(double x) {
        return x * x;
    }

    private static List<String> common(Sample one, Sample other) {
        return one.bySeed().keySet().stream().filter(other.bySeed()::containsKey).toList();
    }
}
