package dev.slimelab.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.random.SplitMix64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Whatever a model computes, a loss and its gradients are numbers.
class ExtremesTest {
    private static final double[][] EXTREMES = {
        {0}, {-1e4}, {-1e-300}, {0, -1e4, -1e-300}, {-0.5, -1}
    };

    @ParameterizedTest
    @EnumSource(Preset.class)
    void presetsStayFinite(Preset preset) {
        for (double[] chosen : EXTREMES) {
            for (double[] rejected : EXTREMES) {
                for (double[] other : new double[][] {{0}, {-1e4}}) {
                    check(
                            preset.objective(),
                            Batches.complete(
                                    new SplittableRandom(1),
                                    new double[][] {chosen},
                                    new double[][] {rejected},
                                    new PairLogps(
                                            new double[][] {filled(chosen.length, other[0])},
                                            new double[][] {filled(rejected.length, 0)})));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void longAnswersStayFinite(Preset preset) {
        double[] unlikely = filled(100_000, -1e4);
        check(
                preset.objective(),
                Batches.complete(
                        new SplittableRandom(1),
                        new double[][] {unlikely},
                        new double[][] {unlikely.clone()},
                        new PairLogps(
                                new double[][] {filled(unlikely.length, 0)},
                                new double[][] {filled(unlikely.length, -1)})));
    }

    @Test
    void randomCompositionsStayFinite() {
        SplittableRandom random = new SplittableRandom(3);
        new RandomObjectives(random)
                .stream()
                        .limit(2_000)
                        .forEach(
                                objective -> {
                                    int pairs = random.nextInt(1, 4);
                                    double[][] chosen = draw(random, pairs);
                                    double[][] rejected = draw(random, pairs);
                                    check(
                                            objective,
                                            Batches.complete(
                                                    random,
                                                    chosen,
                                                    rejected,
                                                    new PairLogps(
                                                            similar(random, chosen),
                                                            similar(random, rejected))));
                                });
    }

    @Test
    void answersThatAreMissingTakeNoPartWhereNothingComparesPairs() {
        PairLogps unpaired =
                Batches.complete(
                        new SplittableRandom(2),
                        new double[][] {{-1, -2}, {}},
                        new double[][] {{}, {-3}},
                        new PairLogps(new double[][] {{-1.5, -1}, {}}, new double[][] {{}, {-2}}));
        SplittableRandom random = new SplittableRandom(8);
        new RandomObjectives(random)
                .stream()
                        .filter(objective -> !objective.comparesPairs())
                        .limit(500)
                        .forEach(objective -> check(objective, unpaired));
    }

    private static void check(Objective objective, PairLogps batch) {
        Evaluation evaluation =
                objective.evaluate(
                        batch,
                        BatchTotals.of(batch),
                        Carry.NONE.with(Objective.INNER_VALUE, 0.4),
                        new SplitMix64(1));

        assertThat(evaluation.value()).as("value of %s", objective).isFinite();
        for (double[][] gradient :
                new double[][][] {evaluation.chosenGradient(), evaluation.rejectedGradient()}) {
            for (double[] tokens : gradient) {
                assertThat(Arrays.stream(tokens).allMatch(Double::isFinite))
                        .as("gradient of %s", objective)
                        .isTrue();
            }
        }
    }

    private static double[][] draw(SplittableRandom random, int pairs) {
        double[][] drawn = new double[pairs][];
        for (int pair = 0; pair < pairs; pair++) {
            drawn[pair] = EXTREMES[random.nextInt(EXTREMES.length)].clone();
        }
        return drawn;
    }

    private static double[][] similar(SplittableRandom random, double[][] logps) {
        return Arrays.stream(logps)
                .map(row -> filled(row.length, random.nextBoolean() ? 0 : -1e4))
                .toArray(double[][]::new);
    }

    private static double[] filled(int tokens, double value) {
        double[] filled = new double[tokens];
        Arrays.fill(filled, value);
        return filled;
    }
}
