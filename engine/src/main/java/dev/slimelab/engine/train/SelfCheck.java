package dev.slimelab.engine.train;

import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.problem.Problem;

import java.util.Locale;
import java.util.stream.IntStream;

/// Whether training starts where an objective with a reference says it does: the policy is the
/// reference, so every log-ratio and reward is 0, DPO is ln 2 and IPO 1/(4τ²).
final class SelfCheck {
    private SelfCheck() {}

    /// Compares token by token, which holds for every objective, and says what that means for its
    /// value.
    ///
    /// @param logps of the policy before its first step, with the reference's; nothing is checked
    ///   without one
    /// @throws Problem failed: where the two differ by more than the noise of the arithmetic
    static void requirePolicyEqualsReference(
            Objective objective, PairLogps logps, Precision precision) {
        PairLogps reference = logps.reference();
        if (reference == null) {
            return;
        }
        double difference =
                (sum(logps.chosen(), reference.chosen())
                                + sum(logps.rejected(), reference.rejected()))
                        / (tokens(logps.chosen()) + tokens(logps.rejected()));
        if (difference <= noise(precision)) {
            return;
        }
        PairLogps due =
                new PairLogps(reference.chosen(), reference.rejected(), reference, logps.extras());
        throw Problem.failed(
                String.format(
                        Locale.ROOT,
                        "Before the first step the policy must equal its reference, but their"
                                + " log-probs differ by %.3g nat per token on the probe, where %.3g"
                                + " would be rounding. The objective starts at %.6g instead of %.6g.",
                        difference,
                        noise(precision),
                        objective.evaluate(logps).value(),
                        objective.evaluate(due).value()),
                "Train the policy from the weights that the reference has.");
    }

    /// Mean difference per token that another order of the same sums may leave, as where the
    /// reference was computed in other batches.
    private static double noise(Precision precision) {
        return switch (precision) {
            case FLOAT64 -> 1e-9;
            case FLOAT32 -> 1e-4;
            case BFLOAT16 -> 0.05;
        };
    }

    private static double sum(double[][] policy, double[][] reference) {
        return IntStream.range(0, policy.length)
                .mapToDouble(
                        pair ->
                                IntStream.range(0, policy[pair].length)
                                        .mapToDouble(
                                                t -> Math.abs(policy[pair][t] - reference[pair][t]))
                                        .sum())
                .sum();
    }

    private static long tokens(double[][] completions) {
        return IntStream.range(0, completions.length).mapToLong(i -> completions[i].length).sum();
    }
}
