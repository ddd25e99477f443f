package dev.slimelab.engine.objective;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// What an objective sees of a batch of pairs: the log-probability of every completion token, in
/// nats.
///
/// One array per pair, one number per completion token (the end token included, the prompt
/// excluded). An empty array stands for an answer that the row does not have, as in unpaired data.
///
/// @param chosen policy, `(pairs, chosen tokens)`, ragged
/// @param rejected policy, `(pairs, rejected tokens)`, ragged
/// @param reference the frozen reference on the same tokens; null where the objective does not ask
///   for it
/// @param extras what only some objectives ask for
public record PairLogps(
        double[][] chosen, double[][] rejected, @Nullable PairLogps reference, Extras extras) {
    /// What only some objectives ask for, see [Need]; null where not asked for.
    ///
    /// @param prompt policy's log-probs of the prompt's tokens after the first, `(pairs, tokens)`,
    ///   ragged
    /// @param logSquares log Σ_v π_t(v)² in place of the log-probs
    /// @param mismatched log-ratio policy / reference of each mismatched completion, nat per
    ///   sequence; any number of them
    /// @param offsets one per pair, in the unit of the score
    /// @param weights one per pair
    /// @param sentences index of the first token of each sentence of the chosen answers, `(pairs,
    ///   sentences)`, ragged
    public record Extras(
            double @Nullable [][] prompt,
            @Nullable PairLogps logSquares,
            double @Nullable [] mismatched,
            double @Nullable [] offsets,
            double @Nullable [] weights,
            int @Nullable [][] sentences) {
        /// Nothing but the log-probs themselves.
        public static final Extras NONE = new Extras(null, null, null, null, null, null);

        private static Extras concatenated(List<Extras> parts) {
            return new Extras(
                    rows(parts, Extras::prompt, double[][][]::new, double[][]::new),
                    PairLogps.joined(parts.stream().map(Extras::logSquares)),
                    numbers(parts, Extras::mismatched),
                    numbers(parts, Extras::offsets),
                    numbers(parts, Extras::weights),
                    rows(parts, Extras::sentences, int[][][]::new, int[][]::new));
        }

        private static double @Nullable [] numbers(
                List<Extras> parts, Function<Extras, double @Nullable []> numbers) {
            List<double[]> present = parts.stream().map(numbers).filter(Objects::nonNull).toList();
            return present.isEmpty()
                    ? null
                    : present.stream().flatMapToDouble(Arrays::stream).toArray();
        }

        private static <T> T @Nullable [] rows(
                List<Extras> parts,
                Function<Extras, T @Nullable []> part,
                IntFunction<T[][]> all,
                IntFunction<T[]> one) {
            T[][] present = parts.stream().map(part).filter(Objects::nonNull).toArray(all);
            return present.length == 0
                    ? null
                    : Arrays.stream(present).flatMap(Arrays::stream).toArray(one);
        }
    }

    public PairLogps {
        if (chosen.length != rejected.length) {
            throw new IllegalArgumentException(
                    chosen.length + " chosen and " + rejected.length + " rejected completions");
        }
    }

    /// A batch without anything else.
    public PairLogps(double[][] chosen, double[][] rejected) {
        this(chosen, rejected, null, Extras.NONE);
    }

    /// A batch with at most a reference.
    public PairLogps(double[][] chosen, double[][] rejected, @Nullable PairLogps reference) {
        this(chosen, rejected, reference, Extras.NONE);
    }

    /// Several parts as one batch; all of them with a reference, or none.
    public static PairLogps concatenated(List<PairLogps> parts) {
        return new PairLogps(
                parts.stream().flatMap(part -> Arrays.stream(part.chosen)).toArray(double[][]::new),
                parts.stream()
                        .flatMap(part -> Arrays.stream(part.rejected))
                        .toArray(double[][]::new),
                joined(parts.stream().map(PairLogps::reference)),
                Extras.concatenated(parts.stream().map(PairLogps::extras).toList()));
    }

    private static @Nullable PairLogps joined(Stream<? extends @Nullable PairLogps> parts) {
        List<PairLogps> present = new ArrayList<>();
        parts.forEach(
                part -> {
                    if (part != null) {
                        present.add(part);
                    }
                });
        return present.isEmpty() ? null : concatenated(present);
    }

    public int pairs() {
        return chosen.length;
    }
}
