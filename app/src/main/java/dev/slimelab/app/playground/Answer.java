package dev.slimelab.app.playground;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a model has written to the prompt so far.
///
/// @param prompt the prompt's token ids, as the server made them
/// @param tokens all written ones, the end token included
/// @param text without special tokens
/// @param tokensPerSecond as they arrived, after the first; NaN before there are several
/// @param problem why there is no more; null where nothing went wrong
record Answer(
        Phase phase,
        List<Integer> prompt,
        List<PlayedToken> tokens,
        String text,
        double tokensPerSecond,
        @Nullable Problem problem) {
    /// How far it is.
    enum Phase {
        /// Nothing was asked.
        NONE,
        WAITING,
        WRITING,
        /// The model has ended it, with its end token.
        ENDED,
        /// There were as many tokens as were asked for.
        CUT,
        /// Nobody wanted more.
        STOPPED,
        FAILED;

        boolean isUnderWay() {
            return this == WAITING || this == WRITING;
        }

        boolean isWhole() {
            return this == ENDED || this == CUT;
        }
    }

    static final Answer NONE = empty(Phase.NONE);
    static final Answer WAITING = empty(Phase.WAITING);

    Answer {
        prompt = List.copyOf(prompt);
        tokens = List.copyOf(tokens);
    }

    private static Answer empty(Phase phase) {
        return new Answer(phase, List.of(), List.of(), "", Double.NaN, null);
    }

    static Answer failed(Problem problem) {
        return new Answer(Phase.FAILED, List.of(), List.of(), "", Double.NaN, problem);
    }

    Answer stopped() {
        return phase.isUnderWay()
                ? new Answer(Phase.STOPPED, prompt, tokens, text, tokensPerSecond, null)
                : this;
    }
}
