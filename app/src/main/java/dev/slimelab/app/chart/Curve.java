package dev.slimelab.app.chart;

import dev.slimelab.app.look.Hue;

/// One line of a figure: what it is called, how it is drawn, and its measurements.
///
/// @param label words of the legend and of the read-out; unique within a figure
/// @param dash tells curves of one hue apart without colour
public record Curve(String label, Hue hue, Dash dash, Series series) {
    /// How the line is broken up.
    public enum Dash {
        SOLID,
        DASHED,
        DOTTED
    }

    public Curve with(Series other) {
        return new Curve(label, hue, dash, other);
    }
}
