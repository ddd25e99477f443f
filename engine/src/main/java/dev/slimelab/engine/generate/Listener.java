package dev.slimelab.engine.generate;

import java.util.List;

/// Hears what becomes of prompts, each named by its place in the list. Called on the thread that
/// computes.
public interface Listener {
    /// Whether a continuation goes on.
    enum Next {
        GO_ON,
        ENOUGH
    }

    /// The prompt was read; told only where [Sampling.Prompts#SCORED] asks for it.
    default void prompt(int prompt, List<ScoredToken> tokens) {}

    /// A token was written. After [Next#ENOUGH] nothing more is told of this prompt.
    Next token(int prompt, ScoredToken token);

    /// A stop token ended the continuation.
    void stopped(int prompt, ScoredToken stopToken);

    /// The continuation ran into the limit of new tokens or of the model's positions.
    void cut(int prompt);
}
