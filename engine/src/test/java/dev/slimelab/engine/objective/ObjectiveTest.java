package dev.slimelab.engine.objective;

import static dev.slimelab.engine.Tolerances.EXACT;
import static dev.slimelab.engine.Tolerances.FINITE_DIFFERENCE;
import static dev.slimelab.engine.Tolerances.SIX_DECIMALS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.SplittableRandom;

class ObjectiveTest {
    /// One pair with values worked out by hand: mean chosen −0.6, mean rejected −1.75, margin 1.15;
    /// log-ratios 0.1 and −1.5.
    private static final PairLogps PAIR =
            new PairLogps(
                    new double[][] {{-0.5, -1.2, -0.1}},
                    new double[][] {{-2.0, -0.3, -4.0, -0.7}},
                    new PairLogps(
                            new double[][] {{-0.6, -1.0, -0.3}},
                            new double[][] {{-1.5, -0.4, -3.0, -0.6}}));

    @Test
    void slimeOfThePaperHasItsThreeTermsAndTokenGradients() {
        Evaluation slime = Preset.SLIME.objective().evaluate(PAIR);

        // anchor 0.1 × 0.6; stabiliser 0.1 × mean softplus(−ℓ−1.25)^2.5; margin 0.35 × σ(−2.5 ×
        // 0.15)
        assertThat(term(slime, Objective.ANCHOR).value()).isCloseTo(0.060000, SIX_DECIMALS);
        assertThat(term(slime, Objective.STABILISER).value()).isCloseTo(0.370967, SIX_DECIMALS);
        assertThat(term(slime, Objective.CONTRAST).value()).isCloseTo(0.142567, SIX_DECIMALS);
        assertThat(slime.value()).isCloseTo(0.573534, SIX_DECIMALS);
        for (double c : slime.chosenGradient()[0]) {
            assertThat(c).isCloseTo(-0.239523, SIX_DECIMALS);
        }
        double[] expected = {0.103187, 0.151384, -0.122360, 0.147613};
        for (int t = 0; t < 4; t++) {
            assertThat(slime.rejectedGradient()[0][t]).isCloseTo(expected[t], SIX_DECIMALS);
        }
    }

    @ParameterizedTest
    @CsvSource({"SLIME, 0.573534", "SLIME_CODE, 0.626070", "DPO, 0.616344", "SIMPO, 0.241008"})
    void presetsGiveTheGoldenValueOfTheHandWorkedPair(Preset preset, double expected) {
        assertThat(preset.objective().evaluate(PAIR).value()).isCloseTo(expected, SIX_DECIMALS);
    }

    /// SLIME's contrast at a margin: value and −slope, for the paper's factors and each left out
    /// (arXiv 2602.02383, Table 4).
    @ParameterizedTest
    @CsvSource({
        "HINGE, GATE, -1, 2.483268, 1.034858",
        "HINGE, GATE, 1, 0.25, 0.8125",
        "HINGE, GATE, 1.6, 0, 0",
        "HINGE, OFF, -1, 2.5, 1",
        "HINGE, OFF, 1.6, 0, 0",
        "OFF, GATE, -1, 0.993307, 0.016620",
        "OFF, GATE, 1.6, 0.182426, 0.372866",
        "LINEAR, GATE, 1.4, 0.026894, 0.318094",
        "LINEAR, GATE, 1.6, -0.018243, 0.145139",
        "OFF, OFF, 0.3, 0, 0"
    })
    void dualMarginFactorsCanBeTakenOut(
            DualMargin.Hard hard, DualMargin.Soft soft, double margin, double value, double push) {
        Slope slope = new DualMargin(1, hard, 1.5, soft, 1, 2.5).at(margin);

        assertThat(slope.value()).isCloseTo(value, SIX_DECIMALS);
        assertThat(slope.derivative()).isCloseTo(-push, SIX_DECIMALS);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void gradientsEqualFiniteDifferences(Preset preset) {
        Objective objective = preset.objective();
        PairLogps batch = random(new SplittableRandom(7), 3);
        Evaluation evaluation = objective.evaluate(batch);

        forEachToken(
                batch.chosen(),
                evaluation.chosenGradient(),
                () -> objective.evaluate(batch).value());
        forEachToken(
                batch.rejected(),
                evaluation.rejectedGradient(),
                () -> objective.evaluate(batch).value());
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void partsOfABatchAddUpToTheBatch(Preset preset) {
        Objective objective = preset.objective();
        if (objective.couplesPairs()) {
            return; // the trainer evaluates such objectives on the whole batch
        }
        PairLogps batch = random(new SplittableRandom(11), 5);
        BatchTotals totals = BatchTotals.of(batch);
        double parts =
                objective.evaluate(part(batch, 0, 2), totals).value()
                        + objective.evaluate(part(batch, 2, 5), totals).value();

        assertThat(parts).isCloseTo(objective.evaluate(batch).value(), EXACT);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void extremeInputsStayFinite(Preset preset) {
        double[][] extremes = {{0}, {-1e4}, {0, -1e4, -1e-300}, new double[100_000]};
        for (double[] chosen : extremes) {
            for (double[] rejected : extremes) {
                PairLogps pair =
                        new PairLogps(
                                new double[][] {chosen},
                                new double[][] {rejected},
                                new PairLogps(new double[][] {chosen}, new double[][] {rejected}));
                Evaluation evaluation = preset.objective().evaluate(pair);

                assertThat(evaluation.value()).isFinite();
                assertThat(evaluation.chosenGradient()[0]).doesNotContain(Double.NaN);
                assertThat(evaluation.rejectedGradient()[0]).doesNotContain(Double.NaN);
            }
        }
    }

    @Test
    void beyondTheHardMarginOnlyAnchorAndStabiliserAct() {
        PairLogps wide = new PairLogps(new double[][] {{-0.1}}, new double[][] {{-3.0, -3.0}});
        Evaluation slime = Preset.SLIME.objective().evaluate(wide);

        assertThat(term(slime, Objective.CONTRAST).value()).isZero();
        assertThat(term(slime, Objective.CONTRAST).pull()).isZero();
        assertThat(term(slime, Objective.ANCHOR).pull()).isPositive();
        assertThat(term(slime, Objective.STABILISER).pull()).isPositive();
    }

    @Test
    void dpoStartsAtLnTwoWhereThePolicyIsTheReference() {
        double[][] chosen = {{-0.3, -2}};
        double[][] rejected = {{-1.5}};

        assertThat(
                        Preset.DPO
                                .objective()
                                .evaluate(
                                        new PairLogps(
                                                chosen, rejected, new PairLogps(chosen, rejected)))
                                .value())
                .isCloseTo(Math.log(2), EXACT);
    }

    @Test
    void tokensAtLogProbZeroAreSkippedOnlyAsTheReferenceCodeDoes() {
        PairLogps withCertainToken = new PairLogps(new double[][] {{-1}}, new double[][] {{-2, 0}});
        PairLogps without = new PairLogps(new double[][] {{-1}}, new double[][] {{-2}});

        assertThat(stabiliser(Preset.SLIME_CODE, withCertainToken))
                .isCloseTo(stabiliser(Preset.SLIME_CODE, without), EXACT);
        assertThat(stabiliser(Preset.SLIME, withCertainToken))
                .isLessThan(stabiliser(Preset.SLIME, without));
    }

    @Test
    void anObjectiveWithoutAnyTermIsRefused() {
        Objective slime = Preset.SLIME.objective();

        assertThatThrownBy(
                        () ->
                                new Objective(
                                        slime.reduce(),
                                        slime.reference(),
                                        1,
                                        slime.margin(),
                                        null,
                                        null,
                                        null,
                                        1))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nothing to optimise");
    }

    private static double stabiliser(Preset preset, PairLogps batch) {
        return term(preset.objective().evaluate(batch), Objective.STABILISER).value();
    }

    private static Evaluation.Term term(Evaluation evaluation, String name) {
        return evaluation.terms().stream()
                .filter(term -> term.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void forEachToken(
            double[][] logps, double[][] gradient, java.util.function.DoubleSupplier loss) {
        double step = 1e-5;
        for (int pair = 0; pair < logps.length; pair++) {
            for (int t = 0; t < logps[pair].length; t++) {
                double original = logps[pair][t];
                logps[pair][t] = original + step;
                double above = loss.getAsDouble();
                logps[pair][t] = original - step;
                double below = loss.getAsDouble();
                logps[pair][t] = original;
                assertThat(gradient[pair][t])
                        .isCloseTo((above - below) / (2 * step), FINITE_DIFFERENCE);
            }
        }
    }

    private static PairLogps random(SplittableRandom random, int pairs) {
        double[][] chosen = ragged(random, pairs);
        double[][] rejected = ragged(random, pairs);
        return new PairLogps(
                chosen,
                rejected,
                new PairLogps(shifted(random, chosen), shifted(random, rejected)));
    }

    private static double[][] ragged(SplittableRandom random, int rows) {
        double[][] values = new double[rows][];
        for (int row = 0; row < rows; row++) {
            values[row] = random.doubles(random.nextInt(1, 9), -4, -0.05).toArray();
        }
        return values;
    }

    private static double[][] shifted(SplittableRandom random, double[][] values) {
        return Arrays.stream(values)
                .map(row -> Arrays.stream(row).map(v -> v + random.nextDouble(-1, 0)).toArray())
                .toArray(double[][]::new);
    }

    private static PairLogps part(PairLogps batch, int from, int to) {
        PairLogps reference = batch.reference();
        return new PairLogps(
                Arrays.copyOfRange(batch.chosen(), from, to),
                Arrays.copyOfRange(batch.rejected(), from, to),
                reference == null ? null : part(reference, from, to));
    }
}
