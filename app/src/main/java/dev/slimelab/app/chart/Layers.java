package dev.slimelab.app.chart;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which curves of a chart must be painted again. Those that change while the others stand still
/// are painted on a layer of their own, so that a run that trains does not cost the fifty finished
/// ones beside it a painting at every step.
final class Layers {
    /// What to do for a new painting.
    ///
    /// @param below whether the lower layer must be painted again
    /// @param moving the labels of the curves of the upper layer
    record Plan(boolean below, Set<String> moving) {}

    private ChartPainter.@Nullable Painting painted;
    private Map<String, PreparedCurve> settled = Map.of();
    private Set<String> moving = Set.of();

    /// Decides for the next painting, which is taken as painted.
    Plan next(ChartPainter.Painting next) {
        ChartPainter.Painting before = painted;
        painted = next;
        Map<String, PreparedCurve> now = new HashMap<>();
        next.curves().forEach(curve -> now.put(curve.curve().label(), curve));
        if (before == null || !sameFrame(before, next) || !now.keySet().equals(all())) {
            return everything(now);
        }
        Set<String> changed =
                next.curves().stream()
                        .filter(curve -> !looksLike(curve, settled.get(curve.curve().label())))
                        .map(curve -> curve.curve().label())
                        .collect(Collectors.toSet());
        if (moving.containsAll(changed)) {
            return new Plan(false, moving);
        }
        changed.addAll(moving);
        if (2 * changed.size() > now.size()) {
            return everything(now);
        }
        moving = Set.copyOf(changed);
        settled = new HashMap<>(now);
        settled.keySet().removeAll(moving);
        return new Plan(true, moving);
    }

    /// Nothing is painted any more.
    void forget() {
        painted = null;
    }

    private Set<String> all() {
        Set<String> all = new HashSet<>(settled.keySet());
        all.addAll(moving);
        return all;
    }

    private Plan everything(Map<String, PreparedCurve> now) {
        settled = now;
        moving = Set.of();
        return new Plan(true, moving);
    }

    private static boolean sameFrame(ChartPainter.Painting before, ChartPainter.Painting next) {
        return before.setting().equals(next.setting())
                && before.x().equals(next.x())
                && before.y().equals(next.y())
                && before.figure().sameFrame(next.figure());
    }

    private static boolean looksLike(PreparedCurve curve, @Nullable PreparedCurve other) {
        return other != null
                && curve.visible() == other.visible()
                && curve.trace() == other.trace()
                && curve.curve().hue() == other.curve().hue();
    }

    /// The curves of a layer, in the order of the figure.
    static List<PreparedCurve> only(List<PreparedCurve> curves, Set<String> labels, boolean in) {
        return curves.stream()
                .filter(curve -> labels.contains(curve.curve().label()) == in)
                .toList();
    }
}
