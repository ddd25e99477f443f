package dev.slimelab.app.chart;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps prepared curves from one painting to the next, so that only those whose data or view
/// changed are computed again. Another part of the same data is cut and thinned anew, but not
/// smoothed again.
final class CurveCache {
    private record View(Viewport viewport, int budget) {}

    private record Entry(Smoothing smoothing, View view, PreparedCurve prepared) {
        boolean isLineOf(Curve curve, Smoothing other) {
            return smoothing.equals(other) && prepared.curve().series().sameAs(curve.series());
        }
    }

    private Map<String, Entry> entries = Map.of();
    private int computed;

    /// The curves of a figure, prepared; forgets those that are no longer in it.
    List<PreparedCurve> prepare(Figure figure, Smoothing smoothing, Viewport viewport, int budget) {
        View view = new View(figure.x().isAscending() ? viewport : Viewport.ALL, budget);
        Map<String, Entry> next = new HashMap<>();
        List<PreparedCurve> curves = new ArrayList<>();
        for (Curve curve : figure.curves()) {
            PreparedCurve prepared = prepare(curve, entries.get(curve.label()), smoothing, view);
            next.put(curve.label(), new Entry(smoothing, view, prepared));
            curves.add(prepared);
        }
        entries = next;
        return curves;
    }

    private PreparedCurve prepare(
            Curve curve, @Nullable Entry known, Smoothing smoothing, View view) {
        boolean sameLine = known != null && known.isLineOf(curve, smoothing);
        if (known != null && sameLine && known.view().equals(view)) {
            return known.prepared().of(curve);
        }
        computed++;
        Series line =
                known != null && sameLine
                        ? known.prepared().line()
                        : curve.series().withValues(smoothing.apply(curve.series()));
        return PreparedCurve.of(curve, line, smoothing, view.viewport(), view.budget());
    }

    /// How many curves have been computed so far.
    int computed() {
        return computed;
    }
}
