package dev.slimelab.app.compare;

import dev.slimelab.app.chart.Band;
import dev.slimelab.app.chart.Series;

import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The mean of several curves with its 95 % confidence interval: mean ± t · s / √n, Student's t
/// with n − 1 degrees of freedom.
///
/// Curves are read where the one with the fewest points was measured and all the others reach,
/// linearly between their own points.
///
/// @param band null for a single curve, whose mean has no interval
record Mean(Series line, @Nullable Band band) {
    private static final double TWO_SIDED_95 = 0.975;

    static Mean of(List<Series> curves) {
        List<Series> measured = curves.stream().filter(curve -> !curve.isEmpty()).toList();
        if (measured.isEmpty()) {
            return new Mean(Series.EMPTY, null);
        }
        if (measured.size() == 1) {
            return new Mean(measured.getFirst(), null);
        }
        double[] xs = common(measured);
        double[] mean = new double[xs.length];
        double[] low = new double[xs.length];
        double[] high = new double[xs.length];
        int n = measured.size();
        double t = TDistribution.of(n - 1).inverseCumulativeProbability(TWO_SIDED_95);
        double[] values = new double[n];
        for (int i = 0; i < xs.length; i++) {
            double x = xs[i];
            Arrays.setAll(values, run -> at(measured.get(run), x));
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            mean[i] = sum / n;
            double squares = 0;
            for (double value : values) {
                squares += (value - mean[i]) * (value - mean[i]);
            }
            double half = t * Math.sqrt(squares / (n - 1) / n);
            low[i] = mean[i] - half;
            high[i] = mean[i] + half;
        }
        return new Mean(Series.of(xs, mean), new Band(Series.of(xs, low), Series.of(xs, high)));
    }

    private static double[] common(List<Series> curves) {
        double from = curves.stream().mapToDouble(curve -> curve.step(0)).max().orElse(0);
        double to = curves.stream().mapToDouble(Series::lastStep).min().orElse(0);
        Series coarsest = curves.stream().min(Comparator.comparingInt(Series::size)).orElseThrow();
        double[] xs = new double[coarsest.size()];
        int size = 0;
        for (int i = 0; i < coarsest.size(); i++) {
            if (coarsest.step(i) >= from && coarsest.step(i) <= to) {
                xs[size++] = coarsest.step(i);
            }
        }
        return Arrays.copyOf(xs, size);
    }

    private static double at(Series series, double x) {
        int index = series.indexAt(x);
        double left = series.step(index);
        if (left == x || index + 1 == series.size()) {
            return series.value(index);
        }
        double share = (x - left) / (series.step(index + 1) - left);
        return series.value(index) + share * (series.value(index + 1) - series.value(index));
    }
}
