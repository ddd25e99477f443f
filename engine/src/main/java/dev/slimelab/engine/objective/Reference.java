package dev.slimelab.engine.objective;

/// What the policy's log-probs are measured against.
public enum Reference {
    /// Nothing: a reference is neither loaded nor run.
    NONE,
    /// A frozen model: the score is the log-ratio policy / reference.
    FROZEN
}
