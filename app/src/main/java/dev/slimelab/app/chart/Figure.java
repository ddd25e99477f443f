package dev.slimelab.app.chart;

import dev.slimelab.app.look.Hue;

import java.util.List;

/// Everything there is to know about one picture except its size and theme.
///
/// @param xLabel what is counted along the bottom
/// @param yLabel quantity and unit: "log-likelihood, nat per token"
/// @param baseline where a thin dashed line marks the beginning
/// @param emptySentence what will appear here, and when
/// @param form how the curves are drawn
/// @param marks what happened on the way, by step
public record Figure(
        String title,
        String xLabel,
        String yLabel,
        Baseline baseline,
        Smoothing smoothing,
        String note,
        String emptySentence,
        List<Curve> curves,
        Form form,
        List<Mark> marks,
        Backdrop backdrop) {
    public Figure {
        curves = List.copyOf(curves);
        marks = List.copyOf(marks);
    }

    /// Lines without marks, before nothing.
    public Figure(
            String title,
            String xLabel,
            String yLabel,
            Baseline baseline,
            Smoothing smoothing,
            String note,
            String emptySentence,
            List<Curve> curves) {
        this(
                title,
                xLabel,
                yLabel,
                baseline,
                smoothing,
                note,
                emptySentence,
                curves,
                new Form.Lines(),
                List.of(),
                Backdrop.NONE);
    }

    /// How numbers become a picture.
    public sealed interface Form {
        /// A line for each curve.
        record Lines() implements Form {}

        /// The curves' areas upon one another, the first at the bottom. None is negative.
        record Areas() implements Form {}

        /// Colours for the shares of a distribution; there are no curves.
        record Heat(HeatMap map) implements Form {}
    }

    /// What a figure compares its curves with.
    public enum Baseline {
        NONE,
        /// Each curve's own first value.
        FIRST_VALUE,
        /// Zero: the curves are changes already.
        ZERO
    }

    public Figure with(Smoothing other) {
        return new Figure(
                title,
                xLabel,
                yLabel,
                baseline,
                other,
                note,
                emptySentence,
                curves,
                form,
                marks,
                backdrop);
    }

    public Figure with(List<Mark> others) {
        return new Figure(
                title,
                xLabel,
                yLabel,
                baseline,
                smoothing,
                note,
                emptySentence,
                curves,
                form,
                others,
                backdrop);
    }

    /// The same curves before a histogram.
    public Figure before(Backdrop other) {
        return new Figure(
                title,
                xLabel,
                yLabel,
                baseline,
                smoothing,
                note,
                emptySentence,
                curves,
                form,
                marks,
                other);
    }

    /// An entry of the legend: a curve, or all curves of a run where there are several runs.
    public record LegendEntry(String label, Hue hue, Curve.Dash dash) {}

    /// Whether curves of several runs are drawn.
    public boolean isComparison() {
        return curves.stream().map(Curve::group).distinct().count() > 1;
    }

    public List<LegendEntry> legend() {
        boolean comparison = isComparison();
        return curves.stream()
                .map(
                        curve ->
                                new LegendEntry(
                                        legendLabel(curve),
                                        curve.hue(),
                                        comparison ? Curve.Dash.SOLID : curve.dash()))
                .distinct()
                .toList();
    }

    /// The label of the legend's entry for a curve.
    String legendLabel(Curve curve) {
        return isComparison() ? curve.group() : curve.label();
    }

    public boolean isEmpty() {
        return switch (form) {
            case Form.Heat(HeatMap map) -> map.columns().isEmpty();
            case Form.Lines(), Form.Areas() ->
                    curves.stream().allMatch(curve -> curve.series().isEmpty());
        };
    }

    /// What must be said below the picture: how lines were smoothed and what is special about the
    /// numbers.
    public String caption() {
        String smoothed = isEmpty() ? "" : smoothing.caption();
        return note.isEmpty() || smoothed.isEmpty() ? note + smoothed : note + " · " + smoothed;
    }
}
