package dev.slimelab.engine.generate;

import java.util.List;

/// Text that has become certain, with the tokens that are complete with it.
public record Piece(String text, List<TextToken> tokens) {
    /// A token and where its text begins.
    ///
    /// @param offset characters of the whole text before it; a token without a whole character
    ///   begins where the next one does
    public record TextToken(ScoredToken token, int offset) {}

    public Piece {
        tokens = List.copyOf(tokens);
    }
}
