package dev.slimelab.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.app.chart.ChartSpec.RunCurves;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

    private static Series constant(double value) {
        return Series.of(new double[] {1, 2, 3}, new double[] {value, value, value});
    }

    private static RunCurves terms(double anchor) {
        return new RunCurves(
                "slime",
                Hue.BLUE,
                Map.of(
                        "loss",
                        constant(2 + anchor),
                        "loss/contrast",
                        constant(2),
                        "loss/anchor",
                        constant(anchor)));
    }

    @Test
    void termsLieUponOneAnotherAndAreReadOneByOne() {
        Figure figure = ChartSpec.LOSS.figure(List.of(terms(1)));
        assertThat(figure.form()).isInstanceOf(Figure.Form.Areas.class);
        assertThat(figure.curves()).extracting(Curve::label).containsExactly("anchor", "contrast");
        ChartPainter.Painting painting =
                new ChartPainter()
                        .paint(
                                figure,
                                new ChartPainter.Setting(
                                        Theme.LIGHT,
                                        ALL,
                                        Viewport.ALL,
                                        ChartPainter.Emphasis.NONE,
                                        600,
                                        300));
        PreparedCurve contrast = painting.curves().get(1);
        assertThat(contrast.at(2)).isEqualTo(2);
        assertThat(contrast.visible().last()).isEqualTo(3);
        assertThat(painting.y().low()).isZero();
    }

    /// Anchor 1 and contrast 2 of 3: the anchor fills the lowest third.
    @Test
    void eachAreaIsSeenInItsOwnColour() {
        Figure figure = ChartSpec.LOSS.figure(List.of(terms(1)));
        BufferedImage image = new ChartExport(Theme.LIGHT, ChartExport.Size.DEFAULT).image(figure);
        List<Integer> column = new ArrayList<>();
        for (int y = 0; y < image.getHeight(); y++) {
            column.add(image.getRGB(image.getWidth() / 2, y));
        }
        int anchor = column.lastIndexOf(area(figure.curves().getFirst()));
        int contrast = column.lastIndexOf(area(figure.curves().getLast()));
        assertThat(anchor).isGreaterThan(contrast);
        assertThat(contrast).isPositive();
    }

    private static int area(Curve curve) {
        return Shades.mix(Theme.LIGHT.surface(), curve.hue().on(Theme.LIGHT), 0.75).getRGB();
    }

    /// Upon one another they would show a sum smaller than a part.
    @Test
    void termsThatCancelEachOtherAreLinesWithTheirSum() {
        Figure figure = ChartSpec.LOSS.figure(List.of(terms(-1)));
        assertThat(figure.form()).isInstanceOf(Figure.Form.Lines.class);
        assertThat(figure.curves())
                .extracting(Curve::label)
                .containsExactly("loss", "anchor", "contrast");
    }

    @Test
    void ofSeveralRunsOnlyTheSumOfTermsIsComparable() {
        Figure figure = ChartSpec.LOSS.figure(List.of(terms(1), terms(2)));
        assertThat(figure.form()).isInstanceOf(Figure.Form.Lines.class);
        assertThat(figure.curves()).hasSize(2);
        assertThat(ChartSpec.GRADIENT_SHARE.figure(List.of(terms(1), terms(2))).emptySentence())
                .isEqualTo("This chart shows one run at a time.");
    }

    private static HeatMap histogram() {
        return new HeatMap(
                List.of(
                        new HeatMap.Column(0, List.of(0, 1, 3)),
                        new HeatMap.Column(10, List.of(0, 2, 2)),
                        new HeatMap.Column(40, List.of(1, 1, 2))),
                -1.5,
                0.5,
                new HeatMap.Line(-0.5, "−δ = −0.5"));
    }

    @Test
    void aHistogramIsReadWhereItIsPainted() {
        HeatMap map = histogram();
        assertThat(map.columnAt(4)).isZero();
        assertThat(map.columnAt(5)).isEqualTo(1); // half way to the next
        assertThat(map.columnAt(1000)).isEqualTo(2);
        assertThat(map.share(0, 2)).isEqualTo(0.75);
        assertThat(map.shareBelow(2, -0.5)).isEqualTo(0.5);
        assertThat(map.median(0)).isEqualTo(-0.25);
        assertThat(map.bin(-1.2)).isZero();
        assertThat(map.bin(0.1)).isEqualTo(-1);
    }

    @Test
    void aDistributionIsExportedWithItsLineAndAlarms() throws Exception {
        Figure figure =
                ChartSpec.TOKEN_LOGPROBS
                        .figure(
                                List.of(
                                        new RunCurves(
                                                "slime", Hue.BLUE, Map.of(), histogram(), false)))
                        .with(List.of(new Mark(10, Mark.Kind.ALARM, "Displacement.")));
        assertThat(figure.isEmpty()).isFalse();
        ChartExport export = new ChartExport(Theme.LIGHT, ChartExport.Size.DEFAULT);
        export.write(figure, folder.resolve("tokens.svg"));
        String vermilion = "rgb(213,94,0)"; // the triangle
        assertThat(Files.readString(folder.resolve("tokens.svg")))
                .contains("−δ = −0.5")
                .contains(vermilion);
        export.write(figure, folder.resolve("tokens.csv"));
        assertThat(folder.resolve("tokens.csv"))
                .content()
                .startsWith("step,from,to,count,share\n0.0,-1.0,-0.5,1,0.25\n");
        export.write(figure, folder.resolve("tokens.tex"));
        assertThat(folder.resolve("tokens.tex"))
                .content()
                .contains("rectangle (axis cs:5.0,-0.5);");
    }

    /// Only the upper layer is painted while it grows: until another curve comes, the axis moves,
    /// or it has ended.
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
        for (double end : new double[] {10, 20, 30, 40, 50, 200, 200}) {
            boolean ended = !plans.isEmpty() && growing.snapshot().lastStep() == end;
            growing.add(end, -0.5);
            List<Curve> curves = new ArrayList<>();
            curves.add(
                    new Curve("a", "a", Hue.BLUE, Dash.SOLID, growing.snapshot()).growing(!ended));
            for (String name : end < 40 ? List.of("b", "c", "d") : List.of("b", "c", "d", "e")) {
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
        Set<String> moving = Set.of("a");
        assertThat(plans)
                .containsExactly(
                        new Layers.Plan(true, moving),
                        new Layers.Plan(false, moving),
                        new Layers.Plan(false, moving),
                        new Layers.Plan(true, moving),
                        new Layers.Plan(false, moving),
                        new Layers.Plan(true, moving),
                        new Layers.Plan(true, Set.of()));
    }

    /// Every measurement would else paint all curves again.
    @Test
    void theAxisMovesBySteppingAheadOfACurveThatGrows() {
        Series.Column ahead = new Series.Column();
        Set<Double> ends = new TreeSet<>();
        for (int step = 0; step <= 1000; step++) {
            ahead.add(step, 0);
            Curve curve = new Curve("a", "a", Hue.BLUE, Dash.SOLID, ahead.snapshot());
            PreparedCurve prepared =
                    new PreparedCurve(
                            curve.growing(true),
                            curve.series(),
                            curve.series(),
                            Series.EMPTY,
                            null);
            double end = Span.ofSteps(List.of(prepared)).high();
            assertThat(end).isBetween((double) step, 1.07 * Math.max(1, step));
            if (step >= 500) {
                ends.add(end);
            }
        }
        assertThat(ends.size()).isBetween(10, 40);
    }

    @Test
    void ticksAreOneTwoOrFiveTimesAPowerOfTen() {
        assertThat(new Span(0, 160).tick(8)).isEqualTo(20);
        assertThat(new Span(-2, 0).tick(4)).isEqualTo(0.5);
        assertThat(Numbers.axis(0.5, 2).format(-1.5)).isEqualTo("−1.5");
        assertThat(Numbers.axis(0.02, 0.1).format(0.04)).isEqualTo("0.04");
        assertThat(Numbers.axis(20, 160).format(40)).isEqualTo("40");
        assertThat(Numbers.axis(1e-7, 5e-7).format(2e-7)).isEqualTo("2e−7");
        assertThat(Numbers.axis(5e3, 2.5e4).format(15e3)).isEqualTo("15\u202fk");
        assertThat(Numbers.axis(5e8, 2e9).format(1.5e9)).isEqualTo("1.5\u202fG");
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
