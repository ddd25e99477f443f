package dev.slimelab.app.chart;

import dev.slimelab.app.look.Numbers;

import java.util.List;

/// What the horizontal axis of a figure counts.
///
/// @param label below the axis
/// @param word before a number in the read-out: "step 812"
/// @param grain the smallest difference that means something: 1 for steps, 0 for what is continuous
/// @param names of the positions 0, 1, 2 … where they are no numbers; else empty
public record XAxis(String label, String word, double grain, Order order, List<String> names) {
    /// How the points of a curve follow each other along the axis.
    public enum Order {
        ASCENDING,
        /// Curves may turn back: they follow the steps through a plane of two metrics.
        PATH,
        /// Each curve is a single point.
        POINTS
    }

    /// Optimiser steps.
    public static final XAxis STEPS = XAxis.counted("optimisation step", "step");

    public XAxis {
        names = List.copyOf(names);
    }

    /// Whole numbers.
    public static XAxis counted(String label, String word) {
        return new XAxis(label, word, 1, Order.ASCENDING, List.of());
    }

    /// Any numbers.
    public static XAxis measured(String label, String word, Order order) {
        return new XAxis(label, word, 0, order, List.of());
    }

    /// Places with a name each.
    public static XAxis named(String label, List<String> names, Order order) {
        return new XAxis(label, "", 1, order, names);
    }

    boolean isAscending() {
        return order == Order.ASCENDING;
    }

    /// The nearest position that can be read.
    double snapped(double x) {
        return grain == 0 ? x : Math.round(x / grain) * grain;
    }

    /// A position in words: "step 812".
    String words(double x) {
        if (!names.isEmpty()) {
            int place = (int) Math.round(x);
            return place >= 0 && place < names.size() ? names.get(place) : "";
        }
        return word + " " + (grain >= 1 ? Numbers.fixed(x, 0) : Numbers.significant(x, 4));
    }
}
