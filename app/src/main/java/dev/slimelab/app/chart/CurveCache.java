package dev.slimelab.app.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps prepared curves from one painting to the next, so that only those whose data or view
/// changed are computed again.
final class CurveCache {
    private record Key(Smoothing smoothing, Viewport viewport, int budget) {}

    private record Entry(Key key, PreparedCurve prepared) {}

    private Map<String, Entry> entries = Map.of();
    private int computed;

    /// The curves of a figure, prepared; forgets those that are no longer in it.
    List<PreparedCurve> prepare(Figure figure, Smoothing smoothing, Viewport viewport, int budget) {
        Key key = new Key(smoothing, viewport, budget);
        Map<String, Entry> next = new HashMap<>();
        List<PreparedCurve> curves = new ArrayList<>();
        for (Curve curve : figure.curves()) {
            Entry known = entries.get(curve.label());
            PreparedCurve prepared;
            if (known != null
                    && known.key().equals(key)
                    && known.prepared().curve().series().sameAs(curve.series())) {
                PreparedCurve same = known.prepared();
                prepared = new PreparedCurve(curve, same.line(), same.visible(), same.trace());
            } else {
                prepared = PreparedCurve.of(curve, smoothing, viewport, budget);
                computed++;
            }
            next.put(curve.label(), new Entry(key, prepared));
            curves.add(prepared);
        }
        entries = next;
        return curves;
    }

    /// How many curves have been computed so far.
    int computed() {
        return computed;
    }
}
