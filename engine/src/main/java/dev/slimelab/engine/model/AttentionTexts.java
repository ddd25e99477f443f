package dev.slimelab.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// The texts of a batch, prompts and completions, as the library's fused attention takes them: each
/// looks at itself, and the completions of a row look at their prompt.
///
/// @param own where each text begins, and where the last one ends
/// @param completions for the rows that have some: where their completions begin among
///   `completionPlaces`, and their end
/// @param prompts the same of their prompts among `promptPlaces`
/// @param completionPlaces positions of completions in the batch
/// @param promptPlaces positions of the prompts of such rows
record AttentionTexts(
        long[] own,
        long[] completions,
        long[] prompts,
        long[] completionPlaces,
        long[] promptPlaces) {
    static AttentionTexts of(Batch batch) {
        List<Long> own = new ArrayList<>(List.of(0L));
        List<Long> completions = new ArrayList<>(List.of(0L));
        List<Long> prompts = new ArrayList<>(List.of(0L));
        LongStream.Builder completionPlaces = LongStream.builder();
        LongStream.Builder promptPlaces = LongStream.builder();
        for (int r = 0; r < batch.rows.size(); r++) {
            long start = batch.starts.get(r);
            long end = batch.ends.get(r);
            long afterPrompt = start + batch.rows.get(r).prompt().length;
            own.add(afterPrompt);
            for (int[] completion : batch.rows.get(r).completions()) {
                if (completion.length > 0) {
                    own.add(own.getLast() + completion.length);
                }
            }
            if (end > afterPrompt) {
                completions.add(completions.getLast() + end - afterPrompt);
                prompts.add(prompts.getLast() + afterPrompt - start);
                LongStream.range(afterPrompt, end).forEach(completionPlaces::add);
                LongStream.range(start, afterPrompt).forEach(promptPlaces::add);
            }
        }
        return new AttentionTexts(
                array(own),
                array(completions),
                array(prompts),
                completionPlaces.build().toArray(),
                promptPlaces.build().toArray());
    }

    /// As [dev.slimelab.engine.kernel.Kernels.Texts] has them.
    long[] numbers() {
        return LongStream.concat(
                        LongStream.of(own.length - 1L, completions.length - 1L),
                        Arrays.stream(new long[][] {own, completions, prompts})
                                .flatMapToLong(Arrays::stream))
                .toArray();
    }

    /// The vectors of its tensors.
    long[][] vectors() {
        return new long[][] {own, completions, prompts, completionPlaces, promptPlaces};
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
