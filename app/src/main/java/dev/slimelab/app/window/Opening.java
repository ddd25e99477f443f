package dev.slimelab.app.window;

/// What a window shows before anyone has chosen anything.
public enum Opening {
    /// A run that is under way, else one's latest run, else the samples compared.
    LATEST,
    /// All runs compared, also those that appear later, until a run is chosen by hand.
    COMPARE_ALL
}
