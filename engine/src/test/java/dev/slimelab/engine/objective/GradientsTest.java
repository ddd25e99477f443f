package dev.slimelab.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.random.SplitMix64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/// Every gradient is the derivative of its value, with what carries no gradient held fixed.
class GradientsTest {
    private static final double STEP = 1e-6;

    @ParameterizedTest
    @EnumSource(Preset.class)
    void ofPresetsEqualFiniteDifferences(Preset preset) {
        check(preset.objective(), new SplittableRandom(7));
    }

    @Test
    void ofRandomCompositionsEqualFiniteDifferences() {
        SplittableRandom random = new SplittableRandom(42);
        new RandomObjectives(random).stream().limit(600).forEach(o -> check(o, random));
    }

    @Test
    void termsAddUpToTheLossAndItsGradient() {
        SplittableRandom random = new SplittableRandom(5);
        new RandomObjectives(random)
                .stream()
                        .limit(200)
                        .forEach(
                                objective -> {
                                    Evaluation all = evaluate(objective, Batches.random(random, 3));
                                    double sum = 0;
                                    for (Evaluation.Term term : all.terms()) {
                                        sum += term.chosen()[0][0];
                                    }
                                    assertThat(all.chosenGradient()[0][0]).isEqualTo(sum);
                                });
    }

    private static Evaluation evaluate(Objective objective, PairLogps batch) {
        return objective.evaluate(batch, BatchTotals.of(batch), inner(), new SplitMix64(1));
    }

    /// As a trainer hands it in for objectives with inner steps.
    private static Carry inner() {
        return Carry.NONE.with(Objective.INNER_VALUE, 0.4);
    }

    private static void check(Objective objective, SplittableRandom random) {
        PairLogps batch = Batches.random(random, 4);
        BatchTotals totals = BatchTotals.of(batch);
        Detached detached = Detached.of(objective, batch, inner(), new SplitMix64(1));
        Evaluation evaluation = objective.evaluate(batch, totals, detached);
        DoubleSupplier loss = () -> objective.evaluate(batch, totals, detached).value();

        compare(objective, batch.chosen(), evaluation.chosenGradient(), loss);
        compare(objective, batch.rejected(), evaluation.rejectedGradient(), loss);
        double[][] prompt = evaluation.promptGradient();
        if (prompt != null) {
            compare(objective, Objects.requireNonNull(batch.extras().prompt()), prompt, loss);
        }
    }

    /// The tolerance covers rounding of the loss, which is as large as the loss.
    private static void compare(
            Objective objective, double[][] logps, double[][] gradient, DoubleSupplier loss) {
        double largest =
                Arrays.stream(gradient)
                        .flatMapToDouble(Arrays::stream)
                        .map(Math::abs)
                        .max()
                        .orElse(0);
        double tolerance = 1e-5 * (1e-2 + largest) + 1e-9 * Math.abs(loss.getAsDouble());
        for (double[] tokens : logps) {
            for (int t = 0; t < tokens.length; t++) {
                double original = tokens[t];
                tokens[t] = original + STEP;
                double above = loss.getAsDouble();
                tokens[t] = original - STEP;
                double below = loss.getAsDouble();
                tokens[t] = original;
                int pair = List.of(logps).indexOf(tokens);
                assertThat(gradient[pair][t])
                        .as("%s, pair %d, token %d", objective, pair, t)
                        .isCloseTo((above - below) / (2 * STEP), within(tolerance));
            }
        }
    }
}
