package dev.slimelab.app.chart;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/// Fewer points, same picture: largest triangle three buckets (Steinarsson, 2013).
///
/// Drawing costs by the length of the zig-zag, not by the number of pixels; a few hundred points
/// per curve are all a screen can show.
public final class Thinning {
    private Thinning() {}

    /// The indices to keep, ascending, first and last always among them.
    ///
    /// Of every bucket the point is kept that spans the largest triangle with the point kept before
    /// and the mean of the bucket after.
    ///
    /// @param from index of the first point to consider
    /// @param to index after the last one
    /// @param budget how many points may stay, at least 3
    public static int[] keep(Series series, int from, int to, int budget) {
        int count = to - from;
        if (count <= budget) {
            int[] all = new int[Math.max(0, count)];
            Arrays.setAll(all, i -> from + i);
            return all;
        }
        int[] kept = new int[budget];
        kept[0] = from;
        kept[budget - 1] = to - 1;
        double width = (count - 2.0) / (budget - 2);
        int anchor = from;
        for (int bucket = 0; bucket < budget - 2; bucket++) {
            int start = from + 1 + (int) (bucket * width);
            int end = from + 1 + (int) ((bucket + 1) * width);
            int nextEnd = Math.min(to, from + 1 + (int) ((bucket + 2) * width));
            double meanX = mean(series::step, end, nextEnd);
            double meanY = mean(series::value, end, nextEnd);
            double anchorX = series.step(anchor);
            double anchorY = series.value(anchor);
            double largest = -1;
            int best = start;
            for (int i = start; i < end; i++) {
                double area =
                        Math.abs(
                                (anchorX - meanX) * (series.value(i) - anchorY)
                                        - (anchorX - series.step(i)) * (meanY - anchorY));
                if (area > largest) {
                    largest = area;
                    best = i;
                }
            }
            kept[bucket + 1] = best;
            anchor = best;
        }
        return kept;
    }

    private static double mean(IntToDoubleFunction numbers, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += numbers.applyAsDouble(i);
        }
        return sum / Math.max(1, to - from);
    }
}
