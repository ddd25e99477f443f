package dev.slimelab.engine.generate;

import dev.slimelab.engine.problem.Problem;

import java.util.Set;

/// How tokens are chosen, and when a continuation ends.
///
/// @param maxNewTokens 1 or more
/// @param stopTokens any of them ends a continuation
/// @param temperature 0 takes the likeliest token; else logits are divided by it before drawing
/// @param seed of the random numbers. Every prompt has its own stream, named by this seed and the
///   prompt's place in the list, so what it draws does not depend on its neighbours.
public record Sampling(int maxNewTokens, Set<Integer> stopTokens, double temperature, long seed) {
    public Sampling {
        stopTokens = Set.copyOf(stopTokens);
        if (maxNewTokens < 1) {
            throw Problem.badRequest(
                    "maxNewTokens is %d.".formatted(maxNewTokens), "Give 1 or more.");
        }
        if (!(temperature >= 0)) {
            throw Problem.badRequest(
                    "The temperature is %s.".formatted(temperature), "Give 0 or more.");
        }
    }

    public static Sampling greedy(int maxNewTokens, Set<Integer> stopTokens) {
        return new Sampling(maxNewTokens, stopTokens, 0, 0);
    }
}
