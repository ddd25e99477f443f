package dev.slimelab.engine.objective;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

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

    /// Several parts as one batch; all of them with a reference, or none.
    public static PairLogps concatenated(List<PairLogps> parts) {
        List<PairLogps> references =
                parts.stream().map(PairLogps::reference).filter(Objects::nonNull).toList();
        return new PairLogps(
                parts.stream().flatMap(part -> Arrays.stream(part.chosen)).toArray(double[][]::new),
                parts.stream()
                        .flatMap(part -> Arrays.stream(part.rejected))
                        .toArray(double[][]::new),
                references.isEmpty() ? null : concatenated(references));
    }

    public int pairs() {
        return chosen.length;
    }
}
