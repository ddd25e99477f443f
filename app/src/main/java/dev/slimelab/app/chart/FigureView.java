package dev.slimelab.app.chart;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.Set;

/// How a figure is looked at: what a file must repeat to be the figure on the screen.
///
/// @param isolated the label of the only legend entry to draw, null for all
public record FigureView(Set<ChartOption> options, Viewport viewport, @Nullable String isolated) {
    /// As a paper shows it: lines over their raw trace, linear axes, all there is.
    public static final FigureView PLAIN =
            new FigureView(EnumSet.of(ChartOption.RAW, ChartOption.SMOOTHED), Viewport.ALL, null);

    public FigureView {
        options = Set.copyOf(options);
    }
}
