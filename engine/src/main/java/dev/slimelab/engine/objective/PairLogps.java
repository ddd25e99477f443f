package dev.slimelab.engine.objective;

import org.jspecify.annotations.Nullable;

/// What an objective sees of a batch of pairs: the log-probability of every completion token, in
/// nats.
///
/// One array per pair, one number per completion token (the end token included, the prompt
/// excluded).
///
/// @param chosen policy, `(pairs, chosen tokens)`, ragged
/// @param rejected policy, `(pairs, rejected tokens)`, ragged
/// @param reference the frozen reference on the same tokens; null where the objective does not ask
///   for it
public record PairLogps(double[][] chosen, double[][] rejected, @Nullable PairLogps reference) {
    public PairLogps {
        if (chosen.length != rejected.length) {
            throw new IllegalArgumentException(
                    chosen.length + " chosen and " + rejected.length + " rejected completions");
        }
    }

    /// A batch without a reference.
    public PairLogps(double[][] chosen, double[][] rejected) {
        this(chosen, rejected, null);
    }

    public int pairs() {
        return chosen.length;
    }
}
