package dev.slimelab.engine.objective;

import static dev.slimelab.engine.Tolerances.EXACT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class ObjectiveTest {
    @ParameterizedTest
    @EnumSource(Preset.class)
    void partsOfABatchAddUpToTheBatch(Preset preset) {
        Objective objective = preset.objective();
        if (objective.couplesPairs()) {
            return; // the trainer evaluates such objectives on the whole batch
        }
        PairLogps batch = Batches.random(new SplittableRandom(11), 5);
        BatchTotals totals = BatchTotals.of(batch);
        double parts =
                objective.evaluate(Batches.part(batch, 0, 2), totals).value()
                        + objective.evaluate(Batches.part(batch, 2, 5), totals).value();

        assertThat(parts).isCloseTo(objective.evaluate(batch).value(), EXACT);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void presetsNeedWhatTheySay(Preset preset) {
        Objective objective = preset.objective();
        PairLogps complete = Batches.random(new SplittableRandom(3), 4);
        PairLogps given = only(objective.needs(), complete);

        assertThat(objective.evaluate(given).value())
                .isEqualTo(objective.evaluate(complete).value());
        if (!objective.needs().isEmpty()) {
            PairLogps bare = new PairLogps(complete.chosen(), complete.rejected());
            assertThatThrownBy(() -> objective.evaluate(bare))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageStartingWith("The objective needs");
        }
    }

    private static PairLogps only(Set<Need> needs, PairLogps batch) {
        PairLogps.Extras extras = batch.extras();
        return new PairLogps(
                batch.chosen(),
                batch.rejected(),
                needs.contains(Need.REFERENCE) ? batch.reference() : null,
                new PairLogps.Extras(
                        needs.contains(Need.PROMPT) ? extras.prompt() : null,
                        needs.contains(Need.LOG_SQUARES) ? extras.logSquares() : null,
                        needs.contains(Need.MISMATCHED) ? extras.mismatched() : null,
                        needs.contains(Need.OFFSETS) ? extras.offsets() : null,
                        needs.contains(Need.WEIGHTS) ? extras.weights() : null,
                        needs.contains(Need.SENTENCES) ? extras.sentences() : null));
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

    private static double stabiliser(Preset preset, PairLogps batch) {
        return preset.objective().evaluate(batch).terms().stream()
                .filter(term -> term.name().equals(Objective.STABILISER))
                .mapToDouble(Evaluation.Term::value)
                .sum();
    }

    @Test
    void betaDpoKeepsItsShareOfThePairsAndFollowsTheirMargin() {
        PairLogps batch = Batches.random(new SplittableRandom(4), 10);
        Objective objective = Preset.BETA_DPO.objective();
        Evaluation first =
                objective.evaluate(batch, BatchTotals.of(batch), Carry.NONE, new SplitMix64(9));
        long kept = Arrays.stream(first.chosenGradient()).filter(tokens -> tokens[0] != 0).count();

        assertThat(kept).isEqualTo(8);
        // the running mean starts at 0 and has moved a tenth of the way to the batch's mean
        assertThat(first.carry().get("beta-dpo/mean"))
                .isCloseTo(0.1 * Arrays.stream(first.margins()).average().orElseThrow(), EXACT);
        assertThat(first.facts()).containsKeys("beta_used", "adaptive/margin_mu");
    }

    @Test
    void bcoMeasuresRewardsFromTheMeanOfAllSeenSoFar() {
        Objective objective = Preset.BCO.objective();
        PairLogps pair = GoldenVectorsTest.PAIR;
        Evaluation first =
                objective.evaluate(pair, BatchTotals.of(pair), Carry.NONE, new SplitMix64(0));
        Evaluation second =
                objective.evaluate(pair, BatchTotals.of(pair), first.carry(), new SplitMix64(0));

        // β · (0.1 − 1.5) / 2
        assertThat(first.facts().get("delta")).isEqualTo(0.01 * -0.7, EXACT);
        assertThat(second.carry().get("bco/count")).isEqualTo(4);
        assertThat(second.value()).isCloseTo(first.value(), EXACT);
    }

    static Stream<Arguments> illegal() {
        return Stream.of(
                arguments(new Composition(), "no term"),
                arguments(
                        Composition.of(Preset.ORPO.objective()).reduce(new Reduce.Sum()),
                        "log-odds"),
                arguments(
                        Composition.of(Preset.F_DPO.objective()).reference(Reference.NONE),
                        "f-divergence"),
                arguments(
                        Composition.of(Preset.AOT.objective()).reference(Reference.NONE),
                        "reference"),
                arguments(
                        Composition.of(Preset.AOT.objective()).margin(new Margin.Constant(1)),
                        "ranks"),
                arguments(
                        Composition.of(Preset.DPOP.objective()).contrast(null),
                        "inside a contrast"),
                arguments(
                        Composition.of(Preset.SPO_INNER.objective()).loop(new Loop.None()),
                        "belong together"),
                arguments(
                        Composition.of(Preset.SIMPO.objective()).loop(new Loop.ReferenceSync(1, 1)),
                        "moves a reference"));
    }

    @ParameterizedTest
    @MethodSource("illegal")
    void partsThatDoNotFitAreRefusedWithTheReason(Composition composition, String reason) {
        assertThatThrownBy(composition::build)
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatCannotBeTrainedIsRefused() {
        assertThatThrownBy(() -> Preset.KTO.objective().requireTrainable(1))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("compares the pairs of a batch");
        assertThatThrownBy(
                        () ->
                                Composition.of(Preset.ALPHA_PO.objective())
                                        .reduce(new Reduce.Sum())
                                        .build()
                                        .requireTrainable(2))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("overflows");
    }

    @Test
    void unusualScalesAreWarnedOf() {
        assertThat(Composition.of(Preset.SIMPO.objective()).beta(0.1).build().warnings())
                .singleElement()
                .asString()
                .startsWith("β is below 1");
        assertThat(Preset.DPO.objective().warnings()).isEmpty();
        assertThat(Preset.SIMPO.objective().warnings()).isEmpty();
    }
}
