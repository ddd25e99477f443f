package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.model.TokenStatistics;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Metrics of a batch that is small enough for a pencil: the pair of `objectives.md` §8, whose
/// means are −0.6 and −1.75.
class MetricTest {
    private static final double[] CHOSEN = {-0.5, -1.2, -0.1};
    private static final double[] REJECTED = {-2.0, -0.3, -4.0, -0.7};
    private static final PairLogps REFERENCE =
            new PairLogps(
                    new double[][] {{-0.6, -1.0, -0.3}}, new double[][] {{-1.5, -0.4, -3.0, -0.6}});
    private static final PairLogps PAIR =
            new PairLogps(new double[][] {CHOSEN}, new double[][] {REJECTED}, REFERENCE);

    private static Map<String, Double> metrics(Objective objective, PairLogps batch) {
        var part =
                new StepFacts.Part(
                        batch,
                        objective.evaluate(batch),
                        new TokenStatistics(
                                like(batch, 0.7),
                                like(batch, 0.8),
                                like(batch, 0.4),
                                like(batch, 1),
                                like(batch, -0.9),
                                like(batch, 2),
                                like(batch, 3)));
        return Metric.all(new StepFacts(objective, List.of(part), 1, 1e-4));
    }

    /// The same number for every token, (row, completion, token).
    private static double[][][] like(PairLogps batch, double value) {
        double[][][] rows = new double[batch.pairs()][2][];
        for (int row = 0; row < rows.length; row++) {
            rows[row][0] = filled(batch.chosen()[row].length, value);
            rows[row][1] = filled(batch.rejected()[row].length, value);
        }
        return rows;
    }

    private static double[] filled(int tokens, double value) {
        double[] values = new double[tokens];
        Arrays.fill(values, value);
        return values;
    }

    private static void assertMetric(Map<String, Double> line, String metric, double expected) {
        assertThat(line).containsKey(metric);
        assertThat(line.get(metric)).as(metric).isCloseTo(expected, Tolerances.SIX_DECIMALS);
    }

    /// Gate σ(−2.5 · 0.15), hinge 1.5 − 1.15; the contrast's slope is −0.618570 (the token
    /// gradients of §8: 3 · −0.239523 + the anchor's 0.1). Of the rejected tokens' gradients
    /// 0.103187, 0.151384, −0.122360, 0.147613 one is below 0. The push is the mean of 0.25 ·
    /// softplus(u)^1.5 · σ(u).
    @Test
    void slimesOwnStates() {
        Map<String, Double> line = metrics(Preset.SLIME.objective(), PAIR);

        assertMetric(line, "slime/gate", 0.407333);
        assertMetric(line, "slime/hinge", 0.35);
        assertMetric(line, "slime/state_between", 1);
        assertMetric(line, "slime/frac_below_delta", 0.5);
        assertMetric(line, "slime/frac_raised", 0.25);
        assertMetric(line, "slime/stab_push", 0.338746);
        assertMetric(line, "gradient_chosen/contrast", -0.618570);
        assertMetric(line, "gradient_rejected/contrast", 0.618570);
        assertMetric(line, "gradient_chosen/anchor", -0.1);
        assertMetric(line, "gradient_rejected/stabiliser", -0.338746);
        assertThat(line.get("stapo/state_left")).isNaN();
    }

    /// Z = 1.15 is right of 0.7; the slope is that of §8.
    @Test
    void theTwoSidedContrast() {
        Map<String, Double> line = metrics(Preset.STAPO.objective(), PAIR);

        assertMetric(line, "stapo/state_left", 0);
        assertMetric(line, "stapo/state_in", 0);
        assertMetric(line, "stapo/state_right", 1);
        assertMetric(line, "stapo/slope", 0.993569);
    }

    /// Log-ratios 0.1, −0.2, 0.2 and −0.5, 0.1, −1, −0.1: their sum is −1.4.
    @Test
    void distanceFromTheReferenceOnTheGivenTokens() {
        Map<String, Double> line = metrics(Preset.DPO.objective(), PAIR);

        assertMetric(line, "kl_ref/k1_proxy", -0.2);
        assertMetric(line, "kl_ref/k3_proxy", 0.131712);
        assertMetric(line, "loss", 0.616344);
    }

    @Test
    void nothingIsMeasuredFromAReferenceThatIsNotThere() {
        PairLogps without = new PairLogps(PAIR.chosen(), PAIR.rejected());

        assertThat(metrics(Preset.SIMPO.objective(), without).get("kl_ref/k1_proxy")).isNaN();
    }

    /// log-odds of −0.6 is 0.195954, that of −1.75 is −1.559029.
    @Test
    void logOdds(@TempDir Path folder) {
        Objective objective =
                SpecJson.read(
                                SmallRuns.file(folder),
                                List.of(
                                        "objective={\"transform\":\"log-odds\",\"contrast\":\"log-sigmoid\"}"))
                        .objective();

        Map<String, Double> line = metrics(objective, PAIR);

        assertMetric(line, "log_odds_chosen", 1.754984);
        assertMetric(line, "log_odds_ratio", -0.159488);
    }

    /// The bilevel penalty compares the chosen mean with the reference's: 0.6 − 1.9/3.
    @Test
    void theValueOfTheLowerLevel() {
        Map<String, Double> line = metrics(Preset.SPO_HINGE.objective(), PAIR);

        assertMetric(line, "spo/gstar", 1.9 / 3);
        assertMetric(line, "spo/violation", 0.6 - 1.9 / 3);
        assertMetric(line, "spo/active_frac", 0);
    }

    /// Two pairs more: margins 1.15, −1 and 3, length gaps −1, 0 and 1.
    @Test
    void acrossPairs() {
        var batch =
                new PairLogps(
                        new double[][] {CHOSEN, {-2}, {-1, -1}},
                        new double[][] {REJECTED, {-1}, {-4}});
        Map<String, Double> line = metrics(Preset.SIMPO.objective(), batch);

        assertMetric(line, "margin/p50", 1.15);
        assertMetric(line, "nll_loss", (1.8 + 2 + 2) / 6);
        assertMetric(line, "len/chosen", 2);
        assertMetric(line, "len/rejected", 2);
        // Σ of products of deviations (−1, 0, 1) and (0.1, −2.05, 1.95): 1.85;
        // √(2 · (0.01 + 4.2025 + 3.8025)) = √16.03
        assertMetric(line, "len/margin_correlation", 1.85 / Math.sqrt(16.03));
    }

    /// Entropy 0.4 of a mass of 0.8 on ten tokens: 0.4 / 0.8 + log 0.8 among themselves.
    @Test
    void entropyOfTheLikeliest() {
        Map<String, Double> line = metrics(Preset.SIMPO.objective(), PAIR);

        assertMetric(line, "entropy_top10", 0.4);
        assertMetric(line, "mass_top10", 0.8);
        assertMetric(line, "entropy_top10_renormalised", 0.5 + Math.log(0.8));
    }

    @Test
    void whatDoesNotVaryHasNoCorrelation() {
        assertThat(Metric.correlation(new double[] {1, 1}, new double[] {1, 2})).isNaN();
        assertThat(Metric.correlation(new double[] {1, 2}, new double[] {5, 3})).isEqualTo(-1);
    }

    /// −0.2 and 0 share the last bin, −0.5 the one before it ends; −40 is counted in the first.
    @Test
    void theHistogramCountsEveryToken() {
        int[] counts = Probe.histogram(new double[][] {{-0.2, 0, -0.5}, {-0.7, -29.9, -40}});

        assertThat(counts).hasSize(60);
        assertThat(counts[59]).isEqualTo(3);
        assertThat(counts[58]).isEqualTo(1);
        assertThat(counts[0]).isEqualTo(2);
    }
}
