package dev.slimelab.engine.generate;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.problem.Problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Continues many prompts at once, keeping keys and values of what was read.
///
/// Prompts of similar length go together. How they are split into batches changes nothing but the
/// last bits of the arithmetic.
public final class Generator {
    /// Keys and values that are kept at a time, in elements.
    private static final long CACHE_ELEMENTS = 1L << 26;

    private final LanguageModel model;
    private final Adapter adapter;

    public Generator(LanguageModel model, Adapter adapter) {
        this.model = model;
        this.adapter = adapter;
    }

    /// Continues each prompt.
    ///
    /// @param prompts token ids, at least one each
    /// @return in the order of the prompts
    /// @throws Problem when a prompt is empty, leaves no room in the model's positions, or has an
    ///   id beyond the vocabulary
    public List<Continuation> generate(List<int[]> prompts, Sampling sampling) {
        return generate(prompts, sampling, Integer.MAX_VALUE);
    }

    /// As above.
    ///
    /// @param mostRows rows of a batch, at most
    List<Continuation> generate(List<int[]> prompts, Sampling sampling, int mostRows) {
        prompts.forEach(this::check);
        int[] byLength =
                IntStream.range(0, prompts.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        var results = new Continuation[prompts.size()];
        for (int start = 0; start < byLength.length; ) {
            int end = endOfBatch(prompts, byLength, start, sampling, mostRows);
            List<Writer> writers = new ArrayList<>();
            for (int i = start; i < end; i++) {
                writers.add(new Writer(prompts.get(byLength[i]), byLength[i], sampling, model));
            }
            try (var batch = new Writing(model, adapter, writers, sampling)) {
                batch.write();
            }
            for (int i = start; i < end; i++) {
                results[byLength[i]] = writers.get(i - start).continuation();
            }
            start = end;
        }
        return Arrays.asList(results);
    }

    private int endOfBatch(
            List<int[]> prompts, int[] byLength, int start, Sampling sampling, int mostRows) {
        ModelConfig config = model.config();
        long perPosition = 2L * config.layers() * config.keyValueHeads() * config.headDim();
        int end = start + 1;
        while (end < byLength.length && end - start < mostRows) {
            long room = prompts.get(byLength[end]).length + (long) sampling.maxNewTokens();
            if ((end + 1 - start) * room * perPosition > CACHE_ELEMENTS) {
                break;
            }
            end++;
        }
        return end;
    }

    private void check(int[] prompt) {
        if (prompt.length == 0) {
            throw Problem.badRequest(
                    "A prompt is empty.",
                    "Start prompts with at least one token, such as the begin-of-text token.");
        }
        int positions = model.config().maxPositions();
        if (prompt.length >= positions) {
            throw Problem.badRequest(
                    "A prompt has %d tokens, but the model has %d positions."
                            .formatted(prompt.length, positions),
                    "Shorten the prompt.");
        }
        for (int id : prompt) {
            if (id < 0 || id >= model.config().vocabSize()) {
                throw Problem.badRequest(
                        "Token id %d is not in the model's vocabulary of %d."
                                .formatted(id, model.config().vocabSize()),
                        "Use the tokenizer that belongs to the model.");
            }
        }
    }
}
