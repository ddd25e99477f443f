package dev.slimelab.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.app.chart.ChartSpec.RunCurves;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ChartTest {
    private static final Set<ChartOption> ALL = Set.of(ChartOption.RAW, ChartOption.SMOOTHED);

    private final Series.Column chosen = new Series.Column();
    private final Series.Column rejected = new Series.Column();

    @TempDir private Path folder;

    ChartTest() {
        for (int step = 0; step < 100; step++) {
            chosen.add(step, -0.4 - step / 1000.0);
            rejected.add(step, -0.5 - step / 100.0);
        }
    }

    private RunCurves run(String name, Hue hue) {
        return new RunCurves(
                name,
                hue,
                Map.of(
                        "logps_mean/chosen",
                        chosen.snapshot(),
                        "logps_mean/rejected",
                        rejected.snapshot()));
    }

    @Test
    void oneRunIsDrawnInTheColoursOfChosenAndRejected() {
        Figure figure = ChartSpec.LIKELIHOOD.figure(List.of(run("slime", Hue.PURPLE)));
        assertThat(figure.curves())
                .extracting(Curve::hue)
                .containsExactly(Hue.CHOSEN, Hue.REJECTED);
        assertThat(figure.legend())
                .extracting(Figure.LegendEntry::label)
                .containsExactly("chosen", "rejected");
    }

    @Test
    void severalRunsHaveAHueEachAndDashesTellTheirCurvesApart() {
        Figure figure =
                ChartSpec.LIKELIHOOD.figure(
                        List.of(run("slime", Hue.PURPLE), run("dpo", Hue.GREEN)));
        assertThat(figure.curves())
                .extracting(Curve::hue)
                .containsExactly(Hue.PURPLE, Hue.PURPLE, Hue.GREEN, Hue.GREEN);
        assertThat(figure.legend())
                .extracting(Figure.LegendEntry::label)
                .containsExactly("slime", "dpo");
        assertThat(figure.caption(FigureView.PLAIN.options()))
                .contains("solid: chosen, dashed: rejected")
                .contains("exponential average");
    }

    @Test
    void aChartWithoutMeasurementsSaysWhatWillAppear() {
        Figure figure = ChartSpec.LIKELIHOOD.figure(List.of());
        assertThat(figure.isEmpty()).isTrue();
        assertThat(figure.emptySentence()).isNotEmpty();
        assertThat(figure.caption(FigureView.PLAIN.options())).doesNotContain("exponential");
    }

    @Test
    void onlyCurvesThatChangedAreComputedAgain() {
        ChartPainter painter = new ChartPainter();
        ChartPainter.Setting setting =
                new ChartPainter.Setting(
                        Theme.LIGHT, ALL, Viewport.ALL, ChartPainter.Emphasis.NONE, 600, 300);
        painter.paint(ChartSpec.LIKELIHOOD.figure(List.of(run("slime", Hue.BLUE))), setting);
        assertThat(painter.computedCurves()).isEqualTo(2);
        chosen.add(100, -0.5);
        painter.paint(ChartSpec.LIKELIHOOD.figure(List.of(run("slime", Hue.BLUE))), setting);
        assertThat(painter.computedCurves()).isEqualTo(3);
        painter.paint(ChartSpec.LIKELIHOOD.figure(List.of(run("slime", Hue.BLUE))), setting);
        assertThat(painter.computedCurves()).isEqualTo(3);
    }

    /// The second measurement finds the curve on the lower layer, which is painted once more
    /// without it; from then on only the upper one is painted, until the axes change.
    @Test
    void aCurveThatGrowsIsPaintedOnALayerOfItsOwn() {
        ChartPainter painter = new ChartPainter();
        ChartPainter.Setting setting =
                new ChartPainter.Setting(
                        Theme.LIGHT,
                        EnumSet.noneOf(ChartOption.class),
                        Viewport.ALL,
                        ChartPainter.Emphasis.NONE,
                        600,
                        300);
        Series.Column growing = new Series.Column();
        growing.add(0, -1);
        List<Layers.Plan> plans = new ArrayList<>();
        Layers layers = new Layers();
        Series still = Series.of(new double[] {0, 100}, new double[] {-1, 0});
        for (double end : new double[] {10, 20, 30, 40, 200}) {
            growing.add(end, -0.5);
            List<Curve> curves = new ArrayList<>();
            curves.add(new Curve("a", "a", Hue.BLUE, Dash.SOLID, growing.snapshot()));
            for (String name : List.of("b", "c", "d")) {
                curves.add(new Curve(name, name, Hue.GREEN, Dash.SOLID, still));
            }
            Figure figure =
                    new Figure(
                            "t",
                            XAxis.STEPS,
                            "",
                            Figure.Baseline.NONE,
                            new Smoothing.None(),
                            "",
                            "",
                            curves);
            plans.add(layers.next(painter.paint(figure, setting)));
        }
        assertThat(plans.get(0)).isEqualTo(new Layers.Plan(true, Set.of()));
        assertThat(plans.get(1).below()).isTrue();
        assertThat(plans.subList(2, 4)).containsOnly(new Layers.Plan(false, Set.of("a")));
        assertThat(plans.getLast()).isEqualTo(new Layers.Plan(true, Set.of()));
    }

    @Test
    void ticksAreOneTwoOrFiveTimesAPowerOfTen() {
        assertThat(new Span(0, 160).tick(8)).isEqualTo(20);
        assertThat(new Span(-2, 0).tick(4)).isEqualTo(0.5);
        assertThat(Span.decimals(0.5)).isEqualTo(1);
        assertThat(Span.decimals(0.02)).isEqualTo(2);
        assertThat(Span.decimals(20)).isZero();
    }

    @ParameterizedTest
    @EnumSource(ChartSpec.class)
    void everyChartNamesItsQuantityAndUnit(ChartSpec chart) {
        Figure figure = chart.figure(List.of());
        assertThat(figure.title()).isNotEmpty();
        assertThat(figure.yLabel()).contains(",");
        assertThat(figure.emptySentence()).endsWith(".");
    }

    @ParameterizedTest
    @EnumSource(Theme.class)
    void figuresAreWrittenWithoutADisplay(Theme theme) throws Exception {
        Figure figure = ChartSpec.LIKELIHOOD.figure(List.of(run("slime", Hue.BLUE)));
        ChartExport export = new ChartExport(theme, ChartExport.Size.DEFAULT);
        export.write(figure, folder.resolve("likelihood.png"));
        export.write(figure, folder.resolve("likelihood.svg"));
        assertThat(folder.resolve("likelihood.png")).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("likelihood.svg")))
                .contains("Log-likelihood of chosen and rejected answers")
                .contains("nat per token")
                .contains("optimisation step");
        assertThatThrownBy(() -> export.write(figure, folder.resolve("likelihood.gif")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(".tfevents");
    }
}
