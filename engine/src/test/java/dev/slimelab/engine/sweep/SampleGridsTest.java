package dev.slimelab.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.compare.ResultTable;
import dev.slimelab.engine.compare.RunResult;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// The grids that come with SlimeLab are whole, and show what docs/ablations.md says of them, seed
/// by seed.
class SampleGridsTest {
    private static final String GREEDY = "score/greedy";

    private final List<RunResult> table4 = results("table4", Template.TABLE4);
    private final List<RunResult> table5 = results("table5", Template.TABLE5);

    private static List<RunResult> results(String name, Template template) {
        SweepFolder folder = new SweepFolder(Path.of("..", "sample-runs", name));
        List<RunResult> results = folder.results();
        assertThat(results).allMatch(RunResult::isFinished);
        assertThat(results.stream().map(run -> run.run().name()))
                .containsExactlyElementsOf(
                        template
                                .on(Template.builtIn(Path.of("..", "assets")))
                                .plan(0, Sweep.START)
                                .stream()
                                .map(Sweep.Planned::folder)
                                .toList());
        return results;
    }

    @Test
    void theyMakeTables() {
        ResultTable four = ResultTable.of(table4, ResultTable.Layout.USUAL);
        assertThat(four.rows()).hasSize(6);
        assertThat(four.tests()).isEqualTo(25);
        assertThat(ResultTable.of(table5, ResultTable.Layout.USUAL).rows()).hasSize(5);
    }

    @Test
    void withoutTheStabiliserGreedyAnswersBreakAndTheTailGrows() {
        for (int seed = 0; seed < 3; seed++) {
            assertThat(change("w/o rejected", GREEDY, seed)).isBetween(-5.5, -3.7);
            assertThat(change("w/o rejected", "probe/margin", seed)).isGreaterThan(1);
            assertThat(change("w/o rejected", "probe/rejected_below_e-10", seed))
                    .isGreaterThan(0.06);
        }
    }

    @Test
    void withoutTheAnchorTheChosenAnswerLosesALittle() {
        for (int seed = 0; seed < 3; seed++) {
            assertThat(change("w/o chosen", "logps_delta/chosen", seed)).isBetween(-0.006, -0.005);
            assertThat(change("w/o chosen", "score/sampled", seed)).isNegative();
        }
    }

    @Test
    void withoutTheHardFactorTheMarginDoesNotGrow() {
        for (int seed = 0; seed < 3; seed++) {
            assertThat(change("w/o hard (A)", "probe/margin", seed)).isNegative();
            assertThat(Math.abs(change("w/o hard (A)", GREEDY, seed))).isLessThan(0.2);
            assertThat(change("w/o hard (A)", "score/sampled", seed)).isNegative();
            assertThat(change("w/o hard (B)", GREEDY, seed)).isZero();
        }
    }

    @Test
    void theSoftGateChangesGreedyAnswersByNoise() {
        assertThat(IntStream.range(0, 3).mapToObj(seed -> change("w/o soft", GREEDY, seed)))
                .anyMatch(change -> change > 0)
                .anyMatch(change -> change < 0);
    }

    @Test
    void aLargerExponentShortensTheTailAndTheMargin() {
        for (int seed = 0; seed < 3; seed++) {
            List<Double> quantiles = byExponent("probe/rejected_p01", seed);
            List<Double> margins = byExponent("probe/margin", seed);
            assertThat(quantiles).isSorted().doesNotHaveDuplicates();
            assertThat(margins.reversed()).isSorted().doesNotHaveDuplicates();
            assertThat(byExponent(GREEDY, seed).subList(0, 4)).isSorted();
        }
    }

    private List<Double> byExponent(String metric, int seed) {
        return List.of("p = 1", "p = 1.5", "p = 2", "p = 2.5", "p = 3").stream()
                .map(row -> value(table5, row, metric, seed))
                .toList();
    }

    private double change(String row, String metric, int seed) {
        return value(table4, row, metric, seed) - value(table4, "full", metric, seed);
    }

    private static double value(List<RunResult> runs, String row, String metric, int seed) {
        return runs.stream()
                .filter(run -> row.equals(run.label()))
                .filter(run -> Integer.toString(seed).equals(run.settings().get("data.seed")))
                .map(run -> run.metrics().get(metric))
                .findFirst()
                .orElseThrow();
    }
}
