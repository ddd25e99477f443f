package dev.slimelab.engine.generate;

import java.util.List;

/// A token and how likely the model found it, whatever the temperature.
///
/// @param logp in nats; NaN for the first token of a prompt, which nothing predicts
/// @param likeliest the likeliest tokens at its place, the best first, as many as were asked for
public record ScoredToken(int id, double logp, List<Likely> likeliest) {
    public ScoredToken {
        likeliest = List.copyOf(likeliest);
    }

    /// What might have stood there.
    ///
    /// @param logp in nats
    public record Likely(int id, double logp) {}
}
