package dev.slimelab.engine.objective;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Log-probs to evaluate objectives on, with everything that any objective may ask for.
final class Batches {
    private Batches() {}

    /// Ragged answers of 1 to 8 tokens with log-probs from −4 to −0.05.
    static PairLogps random(SplittableRandom random, int pairs) {
        double[][] chosen = ragged(random, pairs);
        double[][] rejected = ragged(random, pairs);
        return complete(
                random,
                chosen,
                rejected,
                new PairLogps(shifted(random, chosen), shifted(random, rejected)));
    }

    /// The same answers, with the given reference and extras made up.
    static PairLogps complete(
            SplittableRandom random, double[][] chosen, double[][] rejected, PairLogps reference) {
        int pairs = chosen.length;
        return new PairLogps(
                chosen,
                rejected,
                reference,
                new PairLogps.Extras(
                        ragged(random, pairs),
                        new PairLogps(shifted(random, chosen), shifted(random, rejected)),
                        random.doubles(pairs, -1, 3).toArray(),
                        random.doubles(pairs, 0, 2).toArray(),
                        random.doubles(pairs, 0, 2).toArray(),
                        IntStream.range(0, pairs)
                                .mapToObj(pair -> halves(chosen[pair].length))
                                .toArray(int[][]::new)));
    }

    private static int[] halves(int tokens) {
        return tokens < 2 ? new int[] {0} : new int[] {0, tokens / 2};
    }

    private static double[][] ragged(SplittableRandom random, int rows) {
        double[][] values = new double[rows][];
        for (int row = 0; row < rows; row++) {
            values[row] = random.doubles(random.nextInt(1, 9), -4, -0.05).toArray();
        }
        return values;
    }

    private static double[][] shifted(SplittableRandom random, double[][] values) {
        return Arrays.stream(values)
                .map(row -> Arrays.stream(row).map(v -> v + random.nextDouble(-1, 0)).toArray())
                .toArray(double[][]::new);
    }

    static PairLogps part(PairLogps batch, int from, int to) {
        PairLogps reference = batch.reference();
        PairLogps.Extras extras = batch.extras();
        PairLogps logSquares = extras.logSquares();
        double[][] prompt = extras.prompt();
        double[] offsets = extras.offsets();
        double[] weights = extras.weights();
        int[][] sentences = extras.sentences();
        return new PairLogps(
                Arrays.copyOfRange(batch.chosen(), from, to),
                Arrays.copyOfRange(batch.rejected(), from, to),
                reference == null ? null : part(reference, from, to),
                new PairLogps.Extras(
                        prompt == null ? null : Arrays.copyOfRange(prompt, from, to),
                        logSquares == null ? null : part(logSquares, from, to),
                        extras.mismatched(),
                        offsets == null ? null : Arrays.copyOfRange(offsets, from, to),
                        weights == null ? null : Arrays.copyOfRange(weights, from, to),
                        sentences == null ? null : Arrays.copyOfRange(sentences, from, to)));
    }
}
