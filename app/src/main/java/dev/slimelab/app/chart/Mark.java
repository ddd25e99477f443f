package dev.slimelab.app.chart;

/// Something that happened at a step, shown on the step axis.
///
/// @param words what happened, as a sentence
public record Mark(double step, Kind kind, String words) {
    /// How it is drawn.
    public enum Kind {
        /// A small triangle on the axis.
        ALARM,
        /// A line from top to bottom: from here on the run is another one.
        CHANGE
    }
}
