package dev.slimelab.app.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        int from = from(raw, viewport);
        int to = to(raw, viewport);
        Series trace =
                smoothing instanceof Smoothing.None ? Series.EMPTY : thin(raw, from, to, budget);
        return new PreparedCurve(curve, line, thin(line, from, to, budget), trace);
    }

    /// The same curves as the tops of areas upon one another: what is painted of each is its sum
    /// with those before it, what is read is its own value. Steps are the first one's.
    static List<PreparedCurve> stacked(List<PreparedCurve> curves, Viewport viewport, int budget) {
        if (curves.isEmpty()) {
            return curves;
        }
        Series steps = curves.getFirst().line;
        double[] sum = new double[steps.size()];
        List<PreparedCurve> tops = new ArrayList<>();
        for (PreparedCurve curve : curves) {
            boolean aligned = curve.line.size() == steps.size();
            for (int i = 0; i < sum.length; i++) {
                double value = aligned ? curve.line.value(i) : curve.at(steps.step(i));
                sum[i] += Double.isFinite(value) ? value : 0;
            }
            Series top = steps.withValues(sum.clone());
            Series visible = thin(top, from(top, viewport), to(top, viewport), budget);
            tops.add(new PreparedCurve(curve.curve, curve.line, visible, Series.EMPTY));
        }
        return tops;
    }

    PreparedCurve withoutTrace() {
        return new PreparedCurve(curve, line, visible, Series.EMPTY);
    }

    /// The line's value at the last measurement not after this step; NaN before the first.
    double at(double step) {
        int index = line.indexAt(step);
        return index < 0 ? Double.NaN : line.value(index);
    }

    private static int from(Series series, Viewport viewport) {
        return viewport.allSteps() ? 0 : Math.max(0, series.indexAt(viewport.fromStep()));
    }

    private static int to(Series series, Viewport viewport) {
        return viewport.allSteps()
                ? series.size()
                : Math.min(series.size(), series.indexAt(viewport.toStep()) + 2);
    }

    private static Series thin(Series series, int from, int to, int budget) {
        int[] kept = Thinning.keep(series, from, to, budget);
        return Series.of(
                Arrays.stream(kept).mapToDouble(series::step).toArray(),
                Arrays.stream(kept).mapToDouble(series::value).toArray());
    }
}
