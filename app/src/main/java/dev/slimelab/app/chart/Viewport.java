package dev.slimelab.app.chart;

/// The part of a figure that is looked at. Bounds that are NaN follow the data.
public record Viewport(double fromStep, double toStep, double fromValue, double toValue) {
    /// All there is.
    public static final Viewport ALL = new Viewport(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    boolean allSteps() {
        return Double.isNaN(fromStep);
    }

    boolean allValues() {
        return Double.isNaN(fromValue);
    }
}
