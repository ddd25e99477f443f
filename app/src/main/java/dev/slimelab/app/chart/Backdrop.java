package dev.slimelab.app.chart;

import java.util.Arrays;
import java.util.List;

/// What stands behind a figure's curves: a histogram along the x-axis, on a scale of its own, and
/// thin lines that divide the axis.
///
/// @param edges of the bins, one more than there are counts
/// @param counts values in each bin, the outermost bins with all that is beyond them
/// @param bounds where the axis is divided
public record Backdrop(List<Double> edges, List<Double> counts, List<Double> bounds) {
    public static final Backdrop NONE = new Backdrop(List.of(), List.of(), List.of());

    private static final int BINS = 48;

    public Backdrop {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
        bounds = List.copyOf(bounds);
    }

    /// Counts values between two ends of an axis.
    public static Backdrop of(double[] values, double low, double high, double[] bounds) {
        double[] edges = new double[BINS + 1];
        Arrays.setAll(edges, i -> low + (high - low) * i / BINS);
        double[] counts = new double[BINS];
        for (double value : values) {
            int bin = (int) Math.floor((value - low) / (high - low) * BINS);
            counts[Math.clamp(bin, 0, BINS - 1)]++;
        }
        return new Backdrop(
                values.length == 0 ? List.of() : boxed(edges),
                values.length == 0 ? List.of() : boxed(counts),
                boxed(bounds));
    }

    private static List<Double> boxed(double[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    /// The outline of the bars, from left to right.
    ///
    /// @return x and y of its corners
    double[][] outline() {
        double[] x = new double[2 * counts.size()];
        double[] y = new double[2 * counts.size()];
        for (int bin = 0; bin < counts.size(); bin++) {
            x[2 * bin] = edges.get(bin);
            x[2 * bin + 1] = edges.get(bin + 1);
            y[2 * bin] = counts.get(bin);
            y[2 * bin + 1] = counts.get(bin);
        }
        return new double[][] {x, y};
    }

    double highest() {
        return counts.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }
}
