package dev.slimelab.engine.generate;

import java.util.List;

/// Hears the texts that prompts are continued with, each named by its place in the list. Called on
/// the thread that computes.
public interface TextListener {
    /// Why a text ended.
    enum End {
        /// A stop token or a stop string.
        STOP,
        /// The limit of new tokens or of the model's positions.
        LENGTH
    }

    /// The prompt was read; told only where [Sampling.Prompts#SCORED] asks for it.
    default void prompt(int prompt, List<ScoredToken> tokens) {}

    /// More of the text is certain; the piece may be empty.
    void text(int prompt, Piece piece);

    /// The last that is told of this prompt.
    void ended(int prompt, End end);
}
