package dev.slimelab.app.playground;

import java.util.List;

/// A token as a model has written or read it.
///
/// @param logp how likely the model finds it there, in nats, whatever the temperature
/// @param likeliest the likeliest tokens at its place, the best first
record PlayedToken(int id, String text, double logp, List<Likely> likeliest) {
    /// What might have stood there.
    ///
    /// @param logp in nats
    record Likely(String text, double logp) {}

    PlayedToken {
        likeliest = List.copyOf(likeliest);
    }
}
