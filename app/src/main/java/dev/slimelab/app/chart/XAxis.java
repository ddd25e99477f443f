package dev.slimelab.app.chart;

import dev.slimelab.app.look.Numbers;

/// What the horizontal axis of a figure counts.
///
/// @param label below the axis
/// @param word before a number in the read-out: "step 812"
/// @param grain the smallest difference that means something: 1 for steps, 0 for what is continuous
/// @param ascending false where curves may turn back: they then follow the steps through a plane of
///   two metrics
public record XAxis(String label, String word, double grain, boolean ascending) {
    /// Optimiser steps.
    public static final XAxis STEPS = XAxis.counted("optimisation step", "step");

    /// Whole numbers.
    public static XAxis counted(String label, String word) {
        return new XAxis(label, word, 1, true);
    }

    /// The nearest position that can be read.
    double snapped(double x) {
        return grain == 0 ? x : Math.round(x / grain) * grain;
    }

    /// A position in words: "step 812".
    String words(double x) {
        return word + " " + (grain >= 1 ? Numbers.fixed(x, 0) : Numbers.significant(x, 4));
    }
}
