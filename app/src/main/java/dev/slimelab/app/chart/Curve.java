package dev.slimelab.app.chart;

import dev.slimelab.app.look.Hue;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One line of a figure: what it is called, how it is drawn, and its measurements.
///
/// @param group the run it belongs to
/// @param label words of the read-out; unique within a figure
/// @param dash tells curves of one hue apart without colour
/// @param band what lies around it; null for none
/// @param readings words to read instead of the values, one a point; empty for the values
/// @param growing whether more measurements are to come
public record Curve(
        String group,
        String label,
        Hue hue,
        Dash dash,
        Series series,
        @Nullable Band band,
        List<String> readings,
        boolean growing) {
    public Curve {
        readings = List.copyOf(readings);
    }

    /// A line with all its measurements.
    public Curve(String group, String label, Hue hue, Dash dash, Series series) {
        this(group, label, hue, dash, series, null, List.of(), false);
    }

    /// The same line, said to grow or not to.
    public Curve growing(boolean expected) {
        return new Curve(group, label, hue, dash, series, band, readings, expected);
    }

    /// How the line is broken up.
    public enum Dash {
        SOLID("solid"),
        DASHED("dashed"),
        DOTTED("dotted");

        private final String word;

        Dash(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
