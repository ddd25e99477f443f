package dev.slimelab.app.chart;

/// What a reader may switch on a chart.
public enum ChartOption {
    /// The faint trace of every measurement behind a smoothed line.
    RAW,
    /// The smoothing that the figure proposes.
    SMOOTHED,
    /// Steps on a logarithmic axis.
    LOGARITHMIC_STEPS
}
