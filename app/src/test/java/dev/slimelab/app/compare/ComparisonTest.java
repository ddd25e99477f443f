package dev.slimelab.app.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.app.chart.Band;
import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.FigureView;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.XAxis;
import dev.slimelab.app.library.RunFacts;
import dev.slimelab.app.library.Value;
import dev.slimelab.app.look.Hue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Objects;

class ComparisonTest {
    private static final String METRIC = "logps_delta/chosen";

    private final Comparison comparison = new Comparison();

    private static Series series(double... values) {
        double[] steps = new double[values.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 10.0 * i;
        }
        return Series.of(steps, values);
    }

    private static ComparedRun run(
            String name, String objective, double seed, double rate, Series metric) {
        RunFacts facts =
                new RunFacts(
                        objective,
                        Map.of(
                                "seeds.order", Value.of(seed),
                                "optimization.learningRate", Value.of(rate),
                                "optimization.batchPairs", Value.of(16)),
                        Map.of(),
                        Map.of());
        return new ComparedRun(
                name,
                Hue.BLUE,
                facts,
                Map.of(
                        METRIC,
                        metric,
                        "loss",
                        metric,
                        "num_tokens",
                        Series.of(new double[] {10, 20}, new double[] {1000, 2500})),
                false);
    }

    private static List<ComparedRun> seeds() {
        return List.of(
                run("a-0", "SLIME", 0, 3e-4, series(0, 1, 2)),
                run("a-1", "SLIME", 1, 3e-4, series(0, 2, 4)),
                run("a-2", "SLIME", 2, 3e-4, series(0, 3, 6)),
                run("b-0", "DPO", 0, 3e-4, series(0, -1, -2)));
    }

    /// At step 20 the values are 2, 4 and 6: mean 4, standard deviation 2, and with two degrees of
    /// freedom t = 4.302653 (any table), so half the interval is 4.302653 · 2 / √3 = 4.968275.
    @Test
    void seedsBecomeAMeanWithItsConfidenceInterval() {
        Choice choice = Choice.FIRST.withGroup(Groups.ALL_BUT_SEEDS);
        Figure figure = comparison.figure(seeds(), choice);
        assertThat(figure.curves())
                .extracting(Curve::label)
                .containsExactly("DPO (n = 1)", "SLIME (n = 3)");
        Curve slime = figure.curves().getLast();
        Band band = Objects.requireNonNull(slime.band());
        assertThat(slime.series().value(2)).isEqualTo(4);
        assertThat(band.high().value(2) - 4).isCloseTo(4.968275, within(1e-6));
        assertThat(4 - band.low().value(2)).isCloseTo(4.968275, within(1e-6));
        assertThat(figure.curves().getFirst().band()).isNull();
        assertThat(figure.caption(FigureView.PLAIN.options())).contains("95 % confidence interval");
    }

    @Test
    void aMeanReachesAsFarAsItsShortestRunAndReadsBetweenMeasurements() {
        Series coarse = Series.of(new double[] {0, 20}, new double[] {0, 2});
        Mean mean = Mean.of(List.of(series(0, 3, 6, 9), coarse));
        assertThat(mean.line().size()).isEqualTo(2);
        assertThat(mean.line().value(1)).isEqualTo(4);
        Series between = Series.of(new double[] {5}, new double[] {1});
        assertThat(Mean.of(List.of(series(0, 4), between)).line().value(0)).isEqualTo(1.5);
    }

    @Test
    void smoothingIsStated() {
        assertThat(
                        comparison
                                .figure(seeds(), Choice.FIRST.withWindow(50))
                                .caption(FigureView.PLAIN.options()))
                .contains("exponential average of 50 measurements");
        assertThat(
                        comparison
                                .figure(
                                        seeds(),
                                        Choice.FIRST.withWindow(50).withGroup(Groups.OBJECTIVE))
                                .caption(FigureView.PLAIN.options()))
                .contains("exponential average of 50 measurements");
    }

    @Test
    void progressIsCountedInPairsOrTokens() {
        Figure pairs = comparison.figure(seeds(), Choice.FIRST.withAlong("pairs"));
        assertThat(pairs.curves().getFirst().series().lastStep()).isEqualTo(320);
        Figure tokens = comparison.figure(seeds(), Choice.FIRST.withAlong("tokens"));
        Series first = tokens.curves().getFirst().series();
        assertThat(List.of(first.step(0), first.step(1), first.step(2)))
                .containsExactly(0.0, 1000.0, 2500.0);
        assertThat(tokens.x().label()).isEqualTo("tokens seen");
    }

    @Test
    void alongAnotherMetricACurveMayTurnBack() {
        Figure figure = comparison.figure(seeds(), Choice.FIRST.withAlong("loss"));
        assertThat(figure.x().order()).isEqualTo(XAxis.Order.PATH);
        assertThat(figure.curves().getLast().series().step(2)).isEqualTo(-2);
    }

    @Test
    void aChartThatMixesUnitsSaysSo() {
        assertThat(
                        comparison
                                .figure(seeds(), Choice.FIRST.withMetric("loss"))
                                .caption(FigureView.PLAIN.options()))
                .contains("units differ");
        assertThat(
                        comparison
                                .figure(seeds().subList(0, 3), Choice.FIRST.withMetric("loss"))
                                .caption(FigureView.PLAIN.options()))
                .doesNotContain("units differ");
        assertThat(comparison.figure(seeds(), Choice.FIRST).caption(FigureView.PLAIN.options()))
                .isEmpty();
    }

    @Test
    void scatterPlacesRunsByASettingOrByItsName() {
        Choice choice = Choice.FIRST.with(Choice.Form.SCATTER);
        Figure seed = comparison.figure(seeds(), choice.withAlong("seeds.order"));
        assertThat(seed.curves())
                .extracting(curve -> curve.series().step(0))
                .containsExactly(0.0, 1.0, 2.0, 0.0);
        assertThat(seed.curves())
                .extracting(curve -> curve.series().value(0))
                .containsExactly(2.0, 4.0, 6.0, -2.0);
        Figure named = comparison.figure(seeds(), choice.withAlong(Groups.OBJECTIVE));
        assertThat(named.x().names()).containsExactly("DPO", "SLIME");
    }

    @Test
    void parallelAxesAreTheSettingsThatDifferAndTheMetric() {
        Figure figure = comparison.figure(seeds(), Choice.FIRST.with(Choice.Form.PARALLEL));
        assertThat(figure.x().names()).containsExactly("objective", "order", METRIC);
        Curve best = figure.curves().get(2);
        assertThat(List.of(best.series().value(0), best.series().value(1), best.series().value(2)))
                .containsExactly(1.0, 1.0, 1.0);
        assertThat(best.readings()).containsExactly("SLIME", "2", "6");
    }

    @Test
    void groupsCanBeMadeByAnySettingThatDiffers() {
        assertThat(Groups.keys(seeds()))
                .containsExactly(
                        Groups.EACH, Groups.OBJECTIVE, Groups.ALL_BUT_SEEDS, "seeds.order");
        assertThat(Groups.of(seeds(), "seeds.order").keySet())
                .containsExactly("order 0", "order 1", "order 2");
    }
}
