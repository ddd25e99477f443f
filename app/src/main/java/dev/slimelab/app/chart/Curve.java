package dev.slimelab.app.chart;

import dev.slimelab.app.look.Hue;

import org.jspecify.annotations.Nullable;

/// One line of a figure: what it is called, how it is drawn, and its measurements.
///
/// @param group the run it belongs to
/// @param label words of the read-out; unique within a figure
/// @param dash tells curves of one hue apart without colour
/// @param band what lies around it; null for none
public record Curve(
        String group, String label, Hue hue, Dash dash, Series series, @Nullable Band band) {
    public Curve(String group, String label, Hue hue, Dash dash, Series series) {
        this(group, label, hue, dash, series, null);
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
