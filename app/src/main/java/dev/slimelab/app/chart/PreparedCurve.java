package dev.slimelab.app.chart;

import org.jspecify.annotations.Nullable;

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
/// @param band the part of the curve's band that is painted
record PreparedCurve(Curve curve, Series line, Series visible, Series trace, @Nullable Band band) {
    /// As many points as a chart of ordinary width can show.
    private static final int BUDGET = 600;

    /// As many points as all curves together may have: drawing costs by the length of the zig-zag.
    private static final int BUDGET_OF_ALL = 10_000;

    private static final int LEAST_BUDGET = 100;

    /// How many points one of several curves may have on a plot of this width.
    static int budget(int width, int curves) {
        int fair = Math.clamp(BUDGET_OF_ALL / Math.max(1, curves), LEAST_BUDGET, BUDGET);
        return Math.clamp(width, LEAST_BUDGET, fair);
    }

    /// @param line the smoothed measurements
    static PreparedCurve of(
            Curve curve, Series line, Smoothing smoothing, Viewport viewport, int budget) {
        Series raw = curve.series();
        int from = from(raw, viewport);
        int to = to(raw, viewport);
        Series trace =
                smoothing instanceof Smoothing.None ? Series.EMPTY : thin(raw, from, to, budget);
        Band band = curve.band() == null ? null : curve.band().thinned(from, to, budget);
        return new PreparedCurve(curve, line, thin(line, from, to, budget), trace, band);
    }

    PreparedCurve of(Curve other) {
        return new PreparedCurve(other, line, visible, trace, band);
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
            tops.add(new PreparedCurve(curve.curve, curve.line, visible, Series.EMPTY, null));
        }
        return tops;
    }

    PreparedCurve withoutTrace() {
        return new PreparedCurve(curve, line, visible, Series.EMPTY, band);
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

    /// The value of the painted point nearest to a position, on a line that may turn back.
    double nearest(double x) {
        int index = nearestIndex(x);
        return index < 0 ? Double.NaN : visible.value(index);
    }

    /// Where that point is.
    double nearestX(double x) {
        int index = nearestIndex(x);
        return index < 0 ? Double.NaN : visible.step(index);
    }

    private int nearestIndex(double x) {
        int nearest = -1;
        for (int i = 0; i < visible.size(); i++) {
            boolean nearer =
                    nearest < 0
                            || Math.abs(visible.step(i) - x) < Math.abs(visible.step(nearest) - x);
            nearest = nearer ? i : nearest;
        }
        return nearest;
    }

    static Series thin(Series series, int from, int to, int budget) {
        int[] kept = Thinning.keep(series, from, to, budget);
        return Series.of(
                Arrays.stream(kept).mapToDouble(series::step).toArray(),
                Arrays.stream(kept).mapToDouble(series::value).toArray());
    }
}
