package dev.slimelab.app.chart;

import java.util.Arrays;

/// A curve ready to be painted: smoothed over all measurements, then cut to the visible steps and
/// thinned.
///
/// @param line the smoothed value at every measurement, for reading at any step
/// @param visible the points of the line that are painted
/// @param trace the points of the faint raw trace that are painted; empty where the line is the raw
///   trace
record PreparedCurve(Curve curve, Series line, Series visible, Series trace) {
    /// As many points as a chart of ordinary width can show.
    static final int BUDGET = 600;

    static PreparedCurve of(Curve curve, Smoothing smoothing, Viewport viewport, int budget) {
        Series raw = curve.series();
        Series line = raw.withValues(smoothing.apply(raw));
        int from = viewport.allSteps() ? 0 : Math.max(0, raw.indexAt(viewport.fromStep()));
        int to =
                viewport.allSteps()
                        ? raw.size()
                        : Math.min(raw.size(), raw.indexAt(viewport.toStep()) + 2);
        Series trace =
                smoothing instanceof Smoothing.None ? Series.EMPTY : thin(raw, from, to, budget);
        return new PreparedCurve(curve, line, thin(line, from, to, budget), trace);
    }

    PreparedCurve withoutTrace() {
        return new PreparedCurve(curve, line, visible, Series.EMPTY);
    }

    /// The line's value at the last measurement not after this step; NaN before the first.
    double at(double step) {
        int index = line.indexAt(step);
        return index < 0 ? Double.NaN : line.value(index);
    }

    private static Series thin(Series series, int from, int to, int budget) {
        int[] kept = Thinning.keep(series, from, to, budget);
        return Series.of(
                Arrays.stream(kept).mapToDouble(series::step).toArray(),
                Arrays.stream(kept).mapToDouble(series::value).toArray());
    }
}
