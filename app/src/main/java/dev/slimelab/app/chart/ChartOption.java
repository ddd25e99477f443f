package dev.slimelab.app.chart;

/// What a reader may switch on a chart.
public enum ChartOption {
    /// The faint trace of every measurement behind a smoothed line.
    RAW,
    /// The smoothing that the figure proposes.
    SMOOTHED,
    /// Steps on a logarithmic axis.
    LOGARITHMIC_STEPS,
    /// Values on a logarithmic axis, where all are above 0.
    LOGARITHMIC_VALUES,
    /// The outermost hundredths of the values left outside the axis, so that one outlier does not
    /// flatten everything else.
    CLIPPED
}
