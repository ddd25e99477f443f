package dev.slimelab.engine.generate;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.problem.Problem;

import java.util.ArrayList;
import java.util.List;

/// Continues many prompts at once, keeping keys and values of what was read.
public final class Generator {
    private final LanguageModel model;
    private final Adapter adapter;

    public Generator(LanguageModel model, Adapter adapter) {
        this.model = model;
        this.adapter = adapter;
    }

    /// Continues each prompt to its end.
    ///
    /// @param prompts token ids, at least one each
    /// @return in the order of the prompts
    /// @throws Problem as [#begin]
    public List<Continuation> generate(List<int[]> prompts, Sampling sampling) {
        return generate(prompts, sampling, Integer.MAX_VALUE);
    }

    /// As above.
    ///
    /// @param mostRows rows of a batch, at most
    List<Continuation> generate(List<int[]> prompts, Sampling sampling, int mostRows) {
        List<Collected> continuations = new ArrayList<>();
        prompts.forEach(_ -> continuations.add(new Collected()));
        try (Generation generation =
                begin(prompts, sampling, new Collector(continuations), mostRows)) {
            while (generation.step()) {}
        }
        return continuations.stream().map(Collected::continuation).toList();
    }

    /// Starts to continue prompts; nothing is computed before the first step.
    ///
    /// @throws Problem when a prompt is empty, leaves no room in the model's positions, or has an
    ///   id beyond the vocabulary
    public Generation begin(List<int[]> prompts, Sampling sampling, Listener listener) {
        return begin(prompts, sampling, listener, Integer.MAX_VALUE);
    }

    private Generation begin(
            List<int[]> prompts, Sampling sampling, Listener listener, int mostRows) {
        prompts.forEach(prompt -> check(prompt, sampling));
        return new Generation(model, adapter, prompts, sampling, listener, mostRows);
    }

    private void check(int[] prompt, Sampling sampling) {
        if (prompt.length == 0) {
            throw Problem.badRequest(
                    "A prompt is empty.",
                    "Start prompts with at least one token, such as the begin-of-text token.");
        }
        int positions = model.config().maxPositions();
        int needed = prompt.length + Math.min(1, sampling.maxNewTokens());
        if (needed > positions) {
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

    /// A continuation as it grows.
    private static final class Collected {
        private final List<Integer> tokens = new ArrayList<>();
        private boolean stopped;

        Continuation continuation() {
            return new Continuation(tokens.stream().mapToInt(Integer::intValue).toArray(), stopped);
        }
    }

    private record Collector(List<Collected> continuations) implements Listener {
        @Override
        public Next token(int prompt, ScoredToken token) {
            continuations.get(prompt).tokens.add(token.id());
            return Next.GO_ON;
        }

        @Override
        public void stopped(int prompt, ScoredToken stopToken) {
            continuations.get(prompt).stopped = true;
        }

        @Override
        public void cut(int prompt) {}
    }
}
