package dev.slimelab.engine.generate;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.random.SplitMix64;

import java.util.Arrays;

/// One prompt being continued.
final class Writer {
    private final int[] prompt;
    private final Sampling sampling;
    private final SplitMix64 random;
    private final int[] tokens;
    private int written;
    private boolean stopped;

    /// @param index the prompt's place in the caller's list, which names its random numbers
    Writer(int[] prompt, int index, Sampling sampling, LanguageModel model) {
        this.prompt = prompt;
        this.sampling = sampling;
        this.random = SplitMix64.named(sampling.seed(), "prompt " + index);
        this.tokens =
                new int
                        [Math.min(
                                sampling.maxNewTokens(),
                                model.config().maxPositions() - prompt.length)];
    }

    int[] prompt() {
        return prompt;
    }

    boolean done() {
        return stopped || written == tokens.length;
    }

    /// A random number for the next token.
    double uniform() {
        return random.uniform();
    }

    void take(int token) {
        if (done()) {
            return;
        }
        if (sampling.stopTokens().contains(token)) {
            stopped = true;
        } else {
            tokens[written++] = token;
        }
    }

    Continuation continuation() {
        return new Continuation(Arrays.copyOf(tokens, written), stopped);
    }
}
