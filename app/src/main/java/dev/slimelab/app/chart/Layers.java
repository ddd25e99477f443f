package dev.slimelab.app.chart;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which layers of a chart must be painted again. Curves that grow lie on a layer of their own, so
/// that a run that trains does not cost the fifty finished ones beside it a painting at every step.
final class Layers {
    /// What to do for a new painting.
    ///
    /// @param below whether the lower layer must be painted again
    /// @param moving the labels of the curves of the upper layer, which is always painted again
    record Plan(boolean below, Set<String> moving) {}

    private ChartPainter.@Nullable Painting painted;
    private Map<String, PreparedCurve> settled = Map.of();
    private Set<String> moving = Set.of();

    /// Decides for the next painting, which is taken as painted.
    Plan next(ChartPainter.Painting next) {
        // Areas cover each other and stay together.
        boolean apart = next.figure().form() instanceof Figure.Form.Lines;
        Map<String, PreparedCurve> still = new HashMap<>();
        Set<String> above = new HashSet<>();
        for (PreparedCurve curve : next.curves()) {
            String label = curve.curve().label();
            if (apart && curve.curve().growing()) {
                above.add(label);
            } else {
                still.put(label, curve);
            }
        }
        ChartPainter.Painting before = painted;
        boolean stays =
                before != null
                        && sameFrame(before, next)
                        && above.equals(moving)
                        && still.keySet().equals(settled.keySet())
                        && still.values().stream()
                                .allMatch(
                                        curve ->
                                                looksLike(
                                                        curve, settled.get(curve.curve().label())));
        painted = next;
        settled = still;
        moving = above;
        return new Plan(!stays, above);
    }

    /// Nothing is painted any more.
    void forget() {
        painted = null;
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
