package dev.slimelab.app.chart;

import dev.slimelab.app.look.Hue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything there is to know about one picture except its size and theme.
///
/// @param x what is counted along the bottom
/// @param yLabel quantity and unit: "log-likelihood, nat per token"
/// @param baseline where a thin dashed line marks the beginning
/// @param emptySentence what will appear here, and when
/// @param form how the curves are drawn
/// @param marks what happened on the way, by step
public record Figure(
        String title,
        XAxis x,
        String yLabel,
        Baseline baseline,
        Smoothing smoothing,
        String note,
        String emptySentence,
        List<Curve> curves,
        Form form,
        List<Mark> marks,
        Backdrop backdrop) {
    private static final int MOST_TRACES = 12;

    public Figure {
        curves = List.copyOf(curves);
        marks = List.copyOf(marks);
    }

    /// Lines without marks, before nothing.
    public Figure(
            String title,
            XAxis x,
            String yLabel,
            Baseline baseline,
            Smoothing smoothing,
            String note,
            String emptySentence,
            List<Curve> curves) {
        this(
                title,
                x,
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
                x,
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
                x,
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
                x,
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

    /// Whether another figure has the same axes and words, whatever its curves.
    boolean sameFrame(Figure other) {
        return title.equals(other.title)
                && x.equals(other.x)
                && baseline == other.baseline
                && smoothing.equals(other.smoothing)
                && form.equals(other.form)
                && marks.equals(other.marks)
                && backdrop.equals(other.backdrop);
    }

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

    /// What must be said below the picture: what is special about the numbers, how lines were
    /// smoothed, and what of it all is not drawn.
    public String caption(Set<ChartOption> options) {
        List<String> words = new ArrayList<>();
        words.add(note);
        boolean smoothed = options.contains(ChartOption.SMOOTHED) && !smoothing.caption().isEmpty();
        if (smoothed && !isEmpty()) {
            words.add(smoothing.caption());
            if (hasTraces(options)) {
                words.add("faint: every measurement");
            }
        }
        if (options.contains(ChartOption.CLIPPED) && !isEmpty()) {
            words.add("the outermost hundredths of the values are outside");
        }
        return words.stream().filter(said -> !said.isEmpty()).collect(Collectors.joining(" · "));
    }

    /// Whether raw traces are drawn: of more curves they would hide each other.
    boolean hasTraces(Set<ChartOption> options) {
        return options.contains(ChartOption.RAW) && curves.size() <= MOST_TRACES;
    }
}
