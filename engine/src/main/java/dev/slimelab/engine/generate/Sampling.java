package dev.slimelab.engine.generate;

import dev.slimelab.engine.problem.Problem;

import java.util.HashSet;
import java.util.Set;

/// How prompts are continued: how tokens are chosen, when a continuation ends, and what is told
/// about the tokens.
///
/// @param maxNewTokens 0 or more; with 0 the prompts are only read
/// @param stopTokens any of them ends a continuation
public record Sampling(int maxNewTokens, Set<Integer> stopTokens, Choice choice, Detail detail) {
    public Sampling {
        stopTokens = Set.copyOf(stopTokens);
        if (maxNewTokens < 0) {
            throw Problem.badRequest(
                    "maxNewTokens is %d.".formatted(maxNewTokens), "Give 0 or more.");
        }
    }

    /// How a token is chosen. Logits are divided by the temperature, then all but the `topK`
    /// likeliest tokens are left out, then all but the fewest that together hold the share `topP`
    /// of what is left.
    ///
    /// @param temperature 0 takes the likeliest token
    /// @param topK 0 for all
    /// @param topP above 0, at most 1
    /// @param seed of the random numbers. Every prompt has its own stream, named by this seed and
    ///   the prompt's place in the list, so what it draws does not depend on its neighbours.
    public record Choice(double temperature, int topK, double topP, long seed) {
        /// Always the likeliest token.
        public static final Choice GREEDY = new Choice(0, 0, 1, 0);

        public Choice {
            if (!(temperature >= 0 && Double.isFinite(temperature))) {
                throw Problem.badRequest(
                        "The temperature is %s.".formatted(temperature), "Give 0 or more.");
            }
            if (topK < 0) {
                throw Problem.badRequest(
                        "top-k is %d.".formatted(topK), "Give 1 or more, or 0 for all tokens.");
            }
            if (!(topP > 0 && topP <= 1)) {
                throw Problem.badRequest(
                        "top-p is %s.".formatted(topP), "Give more than 0 and at most 1.");
            }
        }

        /// From all tokens, as likely as the model says at this temperature.
        public static Choice at(double temperature, long seed) {
            return new Choice(temperature, 0, 1, seed);
        }
    }

    /// What is told about each token besides its own log-probability.
    ///
    /// @param likeliest how many of the likeliest tokens are named beside it
    public record Detail(int likeliest, Prompts prompts) {
        /// Nothing more.
        public static final Detail NONE = new Detail(0, Prompts.READ);

        public Detail {
            if (likeliest < 0) {
                throw Problem.badRequest(
                        "%d likeliest tokens are asked for.".formatted(likeliest),
                        "Give 0 or more.");
            }
        }
    }

    /// What is done with prompts.
    public enum Prompts {
        READ,
        /// Their tokens are told with their log-probabilities too.
        SCORED
    }

    public static Sampling greedy(int maxNewTokens, Set<Integer> stopTokens) {
        return new Sampling(maxNewTokens, stopTokens, Choice.GREEDY, Detail.NONE);
    }

    /// The same with more stop tokens.
    Sampling withStopTokens(Set<Integer> more) {
        Set<Integer> all = new HashSet<>(stopTokens);
        all.addAll(more);
        return new Sampling(maxNewTokens, all, choice, detail);
    }
}
