package dev.slimelab.engine.generate;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.random.SplitMix64;

import java.util.List;

/// One prompt being continued.
final class Writer {
    private final int[] prompt;
    private final int index;
    private final Sampling sampling;
    private final Listener listener;
    private final SplitMix64 random;
    private final int limit;
    private int written;
    private boolean done;

    /// @param index the prompt's place in the caller's list, which names its random numbers
    Writer(int[] prompt, int index, Sampling sampling, LanguageModel model, Listener listener) {
        this.prompt = prompt;
        this.index = index;
        this.sampling = sampling;
        this.listener = listener;
        this.random = SplitMix64.named(sampling.choice().seed(), "prompt " + index);
        this.limit =
                Math.min(sampling.maxNewTokens(), model.config().maxPositions() - prompt.length);
    }

    int[] prompt() {
        return prompt;
    }

    boolean done() {
        return done;
    }

    /// A random number for the next token.
    double uniform() {
        return random.uniform();
    }

    void promptRead(List<ScoredToken> tokens) {
        listener.prompt(index, tokens);
    }

    /// Ends the continuation where its limit is reached.
    void checkLimit() {
        if (!done && written == limit) {
            done = true;
            listener.cut(index);
        }
    }

    void take(ScoredToken token) {
        if (done) {
            return;
        }
        if (sampling.stopTokens().contains(token.id())) {
            done = true;
            listener.stopped(index, token);
            return;
        }
        written++;
        if (listener.token(index, token) == Listener.Next.ENOUGH) {
            done = true;
        }
        checkLimit();
    }
}
