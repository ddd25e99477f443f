package dev.slimelab.engine.objective;

import static dev.slimelab.engine.Tolerances.EXACT;
import static dev.slimelab.engine.Tolerances.SIX_DECIMALS;
import static dev.slimelab.engine.objective.Composition.ofLogps;
import static dev.slimelab.engine.objective.Composition.ofRatios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slimelab.engine.objective.Anchor.Nll;
import dev.slimelab.engine.objective.Contrast.BlendExp;
import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Contrast.Hinge;
import dev.slimelab.engine.objective.Contrast.LogSigmoid;
import dev.slimelab.engine.objective.Contrast.ReverseKl;
import dev.slimelab.engine.objective.Contrast.Robust;
import dev.slimelab.engine.objective.Contrast.TwoSided;
import dev.slimelab.engine.objective.Reduce.Mean;
import dev.slimelab.engine.objective.Reduce.Sum;
import dev.slimelab.engine.objective.Regulariser.ValuePenalty;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Values of one pair, computed elsewhere in double precision, and identities between objectives.
class GoldenVectorsTest {
    private static final double[][] CHOSEN = {{-0.5, -1.2, -0.1}};
    private static final double[][] REJECTED = {{-2.0, -0.3, -4.0, -0.7}};

    /// Means −0.6 and −1.75; log-ratios 0.1 and −1.5.
    static final PairLogps PAIR =
            new PairLogps(
                    CHOSEN,
                    REJECTED,
                    new PairLogps(
                            new double[][] {{-0.6, -1.0, -0.3}},
                            new double[][] {{-1.5, -0.4, -3.0, -0.6}}));

    /// The same, under a reference that gave the chosen answer more.
    private static final PairLogps FALLEN =
            new PairLogps(
                    CHOSEN,
                    REJECTED,
                    new PairLogps(
                            new double[][] {{-0.4, -0.9, -0.2}},
                            new double[][] {{-1.5, -0.4, -3.0, -0.6}}));

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("SLIME, paper", Composition.of(Preset.SLIME.objective()), 0.573534),
                arguments("SLIME, code", Composition.of(Preset.SLIME_CODE.objective()), 0.626070),
                arguments(
                        "SLIME, command line of its code",
                        Composition.of(Preset.SLIME.objective())
                                .stabiliser(
                                        new SoftplusPower(
                                                0.0005,
                                                1.25,
                                                2.5,
                                                SoftplusPower.Average.TOKEN_MEAN,
                                                SoftplusPower.CertainTokens.SKIP)),
                        0.204422),
                arguments("two-sided, β 2", stapo(2), 1.482162),
                arguments("DPO", dpo(0.1), 0.616344),
                arguments("cDPO", dpo(0.1).contrast(new LogSigmoid(1, 0.1)), 0.632344),
                arguments("robust", dpo(0.1).contrast(new Robust(1, 0.1)), 0.596344),
                arguments("hinge-norm", dpo(0.1).contrast(new Hinge(1, 1)), 0.840000),
                arguments("IPO", Composition.of(Preset.IPO.objective()), 21.083403),
                arguments(
                        "sigmoid_norm",
                        ofRatios(new Mean()).beta(0.1).contrast(new LogSigmoid(1, 0)),
                        0.672939),
                arguments("SimPO", Composition.of(Preset.SIMPO.objective()), 0.241008),
                arguments("AlphaPO", Composition.of(Preset.ALPHA_PO.objective()), 0.022791),
                arguments("CPO", Composition.of(Preset.CPO.objective()), 1.066573),
                arguments(
                        "ORPO, NLL of the completion",
                        Composition.of(Preset.ORPO.objective())
                                .anchor(new Nll(1, Nll.Average.TOKEN_MEAN)),
                        0.615949),
                arguments("SLiC", Composition.of(Preset.SLIC.objective()), 0.180000),
                arguments("NCA", judging(new Unary.Nca(1)), 1.347718),
                arguments(
                        "EXO",
                        dpo(0.1).contrast(new ReverseKl(1, 0.001, ReverseKl.Logarithms.EXACT)),
                        2.488738),
                arguments("BCO", judging(new Unary.Bco(1, Unary.Bco.Shift.ZERO)), 1.309117),
                arguments("SPPO", judging(new Unary.SquaredTargets(1, 5)), 36.260000),
                arguments("APO-zero", judging(new Unary.ApoZero(1)), 0.960070),
                arguments("APO-down", judging(new Unary.ApoDown(1)), 0.962585),
                arguments("DiscoPOP", dpo(0.1).contrast(new BlendExp(1, 0.05)), 0.842909),
                arguments("DPOP", Composition.of(Preset.DPOP.objective()), 0.481675),
                arguments("R-DPO, plus", dpo(0.1).margin(new Margin.Length(0.05)), 0.639659),
                arguments("R-DPO, minus", dpo(0.1).margin(new Margin.Length(-0.05)), 0.593650),
                arguments("Cal-DPO", dpo(1).unary(new Unary.SquaredTargets(0.5, 5)), 18.313901),
                arguments("RPO (a)", Composition.of(Preset.RPO.objective()), 0.685269),
                arguments("RPO (b)", Composition.of(Preset.RPO_AVERAGE.objective()), 0.491101));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void ofOnePair(String name, Composition composition, double expected) {
        assertThat(composition.build().evaluate(PAIR).value())
                .as(name)
                .isCloseTo(expected, SIX_DECIMALS);
    }

    @Test
    void dpopPunishesAChosenAnswerThatFellBelowTheReference() {
        assertThat(Preset.DPOP.objective().evaluate(FALLEN).value())
                .isCloseTo(4.155797, SIX_DECIMALS);
        assertThat(dpo(0.3).build().evaluate(FALLEN).value()).isCloseTo(0.529260, SIX_DECIMALS);
    }

    @Test
    void theTermsOfSlimeAndTheirTokenGradients() {
        Evaluation slime = Preset.SLIME.objective().evaluate(PAIR);

        assertThat(value(slime, Objective.ANCHOR)).isCloseTo(0.060000, SIX_DECIMALS);
        assertThat(value(slime, Objective.STABILISER)).isCloseTo(0.370967, SIX_DECIMALS);
        assertThat(value(slime, Objective.CONTRAST)).isCloseTo(0.142567, SIX_DECIMALS);
        assertThat(slime.chosenGradient()[0])
                .containsExactly(new double[] {-0.239523, -0.239523, -0.239523}, SIX_DECIMALS);
        double[] expected = {0.103187, 0.151384, -0.122360, 0.147613};
        for (int t = 0; t < expected.length; t++) {
            assertThat(slime.rejectedGradient()[0][t]).isCloseTo(expected[t], SIX_DECIMALS);
        }
    }

    private static double value(Evaluation evaluation, String name) {
        return evaluation.terms().stream()
                .filter(term -> term.name().equals(name))
                .mapToDouble(Evaluation.Term::value)
                .sum();
    }

    /// SLIME's contrast at a margin: value and −slope, for the paper's factors and each left out
    /// (arXiv 2602.02383, Table 4).
    @ParameterizedTest
    @CsvSource({
        "HINGE, GATE, -1, 2.483268, 1.034858",
        "HINGE, GATE, 0, 1.386213, 1.187031",
        "HINGE, GATE, 1, 0.25, 0.8125",
        "HINGE, GATE, 1.4, 0.026894, 0.318094",
        "HINGE, GATE, 1.6, 0, 0",
        "HINGE, OFF, -1, 2.5, 1",
        "HINGE, OFF, 1.4, 0.1, 1",
        "HINGE, OFF, 1.6, 0, 0",
        "OFF, GATE, -1, 0.993307, 0.016620",
        "OFF, GATE, 0, 0.924142, 0.175259",
        "OFF, GATE, 1.6, 0.182426, 0.372866",
        "LINEAR, GATE, 1.4, 0.026894, 0.318094",
        "LINEAR, GATE, 1.6, -0.018243, 0.145139",
        "OFF, OFF, 0.3, 0, 0"
    })
    void dualMarginFactorsCanBeTakenOut(
            DualMargin.Hard hard, DualMargin.Soft soft, double margin, double value, double push) {
        Slope slope = new DualMargin(1, hard, 1.5, soft, 1, 2.5).at(margin, 1);

        assertThat(slope.value()).isCloseTo(value, SIX_DECIMALS);
        assertThat(slope.derivative()).isCloseTo(-push, SIX_DECIMALS);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1.15, 1.482162, 0.993569",
        "2, 0.6, 1.196278, 0",
        "10, 0, 5.007627, -9.923961",
        "10, 0.6, 0.626523, 0"
    })
    void twoSidedMarginsPullToTheirMiddle(double beta, double margin, double value, double slope) {
        Slope at = new TwoSided(1, 0.5, 0.7).at(beta * margin, beta);

        assertThat(at.value()).isCloseTo(value, SIX_DECIMALS);
        assertThat(beta * at.derivative()).isCloseTo(slope, SIX_DECIMALS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.4, 3, 40})
    void twoSidedMarginsPushAlikeFromBothSides(double distance) {
        double beta = 2;
        TwoSided contrast = new TwoSided(1, 0.5, 0.7);
        Slope right = contrast.at(beta * (0.6 + distance), beta);
        Slope left = contrast.at(beta * (0.6 - distance), beta);

        assertThat(right.value()).isCloseTo(left.value(), EXACT);
        assertThat(right.derivative()).isCloseTo(-left.derivative(), EXACT);
        // log(1 + e^−βw + 2e^−βw/2 · cosh(β(Z − c))) with w the distance of the margins
        assertThat(right.value())
                .isCloseTo(
                        Math.log1p(
                                Math.exp(-0.4) + 2 * Math.exp(-0.2) * Math.cosh(beta * distance)),
                        EXACT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.5, 1.5000001, 2, 50})
    void slimesContrastHasNoGradientFromTheHardMarginOn(double margin) {
        Slope slope =
                new DualMargin(1, DualMargin.Hard.HINGE, 1.5, DualMargin.Soft.GATE, 1, 2.5)
                        .at(margin, 1);

        assertThat(slope.value()).isZero();
        assertThat(slope.derivative()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"-1.25, 0.40000", "-3, 5.04325", "-5, 27.65589"})
    void theStabiliserOfOneToken(double logp, double penalty) {
        var stabiliser =
                new SoftplusPower(
                        1,
                        1.25,
                        2.5,
                        SoftplusPower.Average.SEQUENCE_MEAN,
                        SoftplusPower.CertainTokens.COUNT);

        assertThat(stabiliser.at(logp).value()).isCloseTo(penalty, within(5e-6));
    }

    @Test
    void ktoJudgesEachAnswerAgainstTheKl() {
        Judgement judged = new Unary.Kto(1, 1, 1).at(0.1, -1.5, 0.1, 0.2);

        assertThat(new Unary.Kto(1, 1, 1).at(0.1, Double.NaN, 0.1, 0.2).value())
                .isCloseTo(0.502500, SIX_DECIMALS);
        assertThat(new Unary.Kto(1, 1, 1).at(Double.NaN, -1.5, 0.1, 0.2).value())
                .isCloseTo(0.457602, SIX_DECIMALS);
        assertThat(judged.value()).isCloseTo(0.960102, SIX_DECIMALS);
    }

    @ParameterizedTest
    @CsvSource({"TIMES_BETA, 0.083770", "PLAIN, 0.080808"})
    void alphaDpoAdaptsTheMargin(Margin.Adaptive.Scaling scaling, double expected) {
        double margin = new Margin.Adaptive(0.15, 0.05, 0.9, scaling).at(0.5, 2.5);

        assertThat(new LogSigmoid(1, 0).at(2.5 * (1.15 - margin), 2.5).value())
                .isCloseTo(expected, SIX_DECIMALS);
    }

    @Test
    void sgdpoComparesWithPilotsThatCarryNoGradient() {
        // pilots: tokens 0 and 2 of the chosen answer, 0, 1 and 2 of the rejected one
        Objective sgdpo = Preset.SGDPO.objective();
        Detached drawn =
                new Detached(
                        Scores.TokenWeights.of(sgdpo.reduce(), PAIR),
                        new Detached.Pilots(new double[] {0.3}, new double[] {-1.4}),
                        0.1,
                        new double[1],
                        new double[] {1},
                        0,
                        Carry.NONE,
                        Map.of());

        assertThat(sgdpo.evaluate(PAIR, BatchTotals.of(PAIR), drawn).value())
                .isCloseTo(0.614074, SIX_DECIMALS);
    }

    @Test
    void alphaDpoWithoutAdaptivityIsSimpo() {
        PairLogps batch = Batches.random(new SplittableRandom(1), 6);
        Objective adaptive =
                ofLogps(new Mean())
                        .beta(2)
                        .margin(
                                new Margin.Adaptive(
                                        0.5, 0, 0.9, Margin.Adaptive.Scaling.TIMES_BETA))
                        .contrast(new LogSigmoid(1, 0))
                        .build();

        assertThat(adaptive.evaluate(batch).value())
                .isCloseTo(Preset.SIMPO.objective().evaluate(batch).value(), EXACT);
    }

    @Test
    void withoutLabelNoiseConservativeAndRobustDpoAreDpo() {
        PairLogps batch = Batches.random(new SplittableRandom(1), 6);
        double dpo = dpo(0.1).build().evaluate(batch).value();

        for (Contrast noiseless : List.of(new Robust(1, 0), new LogSigmoid(1, 0))) {
            assertThat(dpo(0.1).contrast(noiseless).build().evaluate(batch).value())
                    .isCloseTo(dpo, EXACT);
        }
        // written out, with neither contrast: −log σ(0.1 · 1.6)
        assertThat(dpo(0.1).build().evaluate(PAIR).value())
                .isCloseTo(Math.log1p(Math.exp(-0.16)), EXACT);
    }

    @Test
    void aLinearValuePenaltyHasTheGradientOfAnAnchor() {
        PairLogps batch = Batches.random(new SplittableRandom(1), 6);
        Evaluation penalised = Preset.SPO_LINEAR.objective().evaluate(batch);
        Evaluation anchored =
                Composition.of(Preset.SIMPO.objective())
                        .anchor(new Nll(1, Nll.Average.SEQUENCE_MEAN))
                        .build()
                        .evaluate(batch);

        for (int pair = 0; pair < batch.pairs(); pair++) {
            assertThat(penalised.chosenGradient()[pair])
                    .containsExactly(anchored.chosenGradient()[pair], EXACT);
            assertThat(penalised.rejectedGradient()[pair])
                    .containsExactly(anchored.rejectedGradient()[pair], EXACT);
        }
    }

    @Test
    void aHingedPenaltyOnPairsIsDpopsFloorOutsideTheSigmoid() {
        Objective hinged =
                Composition.of(Preset.SIMPO.objective())
                        .regulariser(
                                new ValuePenalty(
                                        2,
                                        ValuePenalty.Shape.HINGE,
                                        new ValuePenalty.Best.FrozenReference(),
                                        0,
                                        Nll.Average.SEQUENCE_MEAN,
                                        ValuePenalty.Scope.PAIR))
                        .build();

        // λ · max(0, m_ref,w − m_w) = 2 · max(0, −0.5 + 0.6)
        assertThat(value(hinged.evaluate(FALLEN), Objective.REGULARISER)).isCloseTo(0.2, EXACT);
        assertThat(value(hinged.evaluate(PAIR), Objective.REGULARISER)).isZero();
    }

    @Test
    void exoIsLeastWhereTheModelAgreesWithTheLabel() {
        double z = Math.log(0.999 / 0.001);
        var exo = new ReverseKl(1, 0.001, ReverseKl.Logarithms.EXACT);

        assertThat(exo.at(z, 1).derivative()).isCloseTo(0, EXACT);
        assertThat(exo.at(z - 0.1, 1).derivative()).isNegative();
        assertThat(exo.at(z + 0.1, 1).derivative()).isPositive();
    }

    @Test
    void beyondTheHardMarginOnlyAnchorAndStabiliserAct() {
        PairLogps wide = new PairLogps(new double[][] {{-0.1}}, new double[][] {{-3.0, -3.0}});
        Evaluation slime = Preset.SLIME.objective().evaluate(wide);

        for (Evaluation.Term term : slime.terms()) {
            assertThat(term.pull() == 0).isEqualTo(term.name().equals(Objective.CONTRAST));
        }
    }

    @Test
    void withThePolicyAtItsReferenceDpoIsLnTwoAndIpoItsTarget() {
        PairLogps same = new PairLogps(CHOSEN, REJECTED, new PairLogps(CHOSEN, REJECTED));

        assertThat(dpo(0.1).build().evaluate(same).value()).isCloseTo(Math.log(2), EXACT);
        assertThat(Preset.IPO.objective().evaluate(same).value()).isCloseTo(25, EXACT);
    }

    private static Composition dpo(double beta) {
        return ofRatios(new Sum()).beta(beta).contrast(new LogSigmoid(1, 0));
    }

    private static Composition stapo(double beta) {
        return ofLogps(new Mean()).beta(beta).contrast(new TwoSided(1, 0.5, 0.7));
    }

    private static Composition judging(Unary unary) {
        return ofRatios(new Sum()).beta(0.1).unary(unary);
    }
}
