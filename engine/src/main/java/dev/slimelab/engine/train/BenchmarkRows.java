package dev.slimelab.engine.train;

import dev.slimelab.engine.data.DataRequest;
import dev.slimelab.engine.data.OnBadRow;
import dev.slimelab.engine.data.PairDataset;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.data.TokenPair;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.random.SplitMix64;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Pairs to measure steps with.
public final class BenchmarkRows {
    private BenchmarkRows() {}

    /// Random tokens, always the same.
    ///
    /// @param prompt tokens of each prompt
    /// @param completion tokens of each answer
    public static List<Example> random(int pairs, int prompt, int completion, int vocabulary) {
        var stream = new SplitMix64(0);
        return IntStream.range(0, pairs)
                .mapToObj(
                        i ->
                                new Example(
                                        i,
                                        Row.of(
                                                ids(stream, prompt, vocabulary),
                                                ids(stream, completion, vocabulary),
                                                ids(stream, completion, vocabulary))))
                .toList();
    }

    private static int[] ids(SplitMix64 stream, int count, int vocabulary) {
        return IntStream.range(0, count).map(_ -> stream.below(vocabulary)).toArray();
    }

    /// The first pairs of a file, in its order.
    ///
    /// @param tokenizer a folder that holds tokenizer.json
    /// @param count the most
    public static List<Example> of(Path file, Path tokenizer, int maxLength, int count) {
        var request =
                new DataRequest(
                        PairSource.of(file, null, null),
                        null,
                        maxLength,
                        0,
                        OnBadRow.DROP,
                        new DataRequest.Part.All(),
                        0);
        try (Tokenizer words = Tokenizer.load(tokenizer);
                PairDataset rows = PairDataset.load(request, words)) {
            List<TokenPair> all = rows.training();
            return IntStream.range(0, Math.min(all.size(), count))
                    .mapToObj(i -> example(i, all.get(i)))
                    .toList();
        }
    }

    private static Example example(int index, TokenPair pair) {
        return new Example(index, Row.of(pair.prompt(), pair.chosen(), pair.rejected()));
    }
}
