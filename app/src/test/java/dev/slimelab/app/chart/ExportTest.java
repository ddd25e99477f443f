package dev.slimelab.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure.Baseline;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Theme;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Figures as files of other programs. `-Dfigures=DIR` keeps them, to open them there.
class ExportTest {
    private static final int POINTS = 5000;

    @TempDir private Path folder;

    private final ChartExport.Size size = ChartExport.Size.DEFAULT;

    private static Figure figure() {
        SplittableRandom random = new SplittableRandom(3);
        List<Curve> curves = new ArrayList<>();
        for (String name : List.of("slime, p 2", "dpo_β \"0.1\"")) {
            double[] steps = new double[POINTS];
            double[] values = new double[POINTS];
            double[] low = new double[POINTS];
            double[] high = new double[POINTS];
            for (int i = 0; i < POINTS; i++) {
                steps[i] = i;
                values[i] = -0.4 - 1e-4 * i + 0.1 * random.nextGaussian();
                low[i] = values[i] - 0.05;
                high[i] = values[i] + 0.05;
            }
            Band band = new Band(Series.of(steps, low), Series.of(steps, high));
            Dash dash = curves.isEmpty() ? Dash.SOLID : Dash.DASHED;
            curves.add(
                    new Curve(
                            name,
                            name,
                            Hue.ofRun(curves.size()),
                            dash,
                            Series.of(steps, values),
                            curves.isEmpty() ? band : null,
                            List.of()));
        }
        return new Figure(
                "logps_mean/chosen",
                XAxis.STEPS,
                "Δ log-likelihood, nat per token",
                Baseline.ZERO,
                new Smoothing.ExponentialAverage(0.9),
                "100 % of the pairs",
                "",
                curves);
    }

    private ChartPainter.Painting painting(FigureView view) {
        return new ChartPainter()
                .paint(
                        figure(),
                        new ChartPainter.Setting(
                                Theme.LIGHT,
                                view.options(),
                                view.viewport(),
                                new ChartPainter.Emphasis(view.isolated(), null),
                                size.width(),
                                size.height()));
    }

    private String written(FigureView view, String name) throws IOException {
        Path file = folder.resolve(name);
        new ChartExport(Theme.LIGHT, size, view).write(figure(), file);
        return Files.readString(file);
    }

    @Test
    void theNumbersInCsvAreThoseDrawn() throws IOException {
        FigureView zoomed =
                new FigureView(
                        EnumSet.of(ChartOption.SMOOTHED),
                        new Viewport(1000, 3000, Double.NaN, Double.NaN),
                        null);
        for (FigureView view : List.of(FigureView.PLAIN, zoomed)) {
            Set<String> lines =
                    written(view, "figure.csv")
                            .lines()
                            .map(
                                    line ->
                                            line.replaceAll(
                                                    "^(.*),(.*),(.*),(.*),(.*),(.*)$", "$1,$2,$3"))
                            .collect(Collectors.toSet());
            Set<String> points =
                    lines.stream()
                            .map(
                                    line ->
                                            line.substring(
                                                    line.lastIndexOf(
                                                            ',', line.lastIndexOf(',') - 1)))
                            .collect(Collectors.toSet());
            for (PreparedCurve curve : painting(view).curves()) {
                for (int i = 0; i < curve.visible().size(); i++) {
                    assertThat(points)
                            .contains(
                                    "," + curve.visible().step(i) + "," + curve.visible().value(i));
                }
            }
        }
        long inView =
                written(zoomed, "zoomed.csv")
                        .lines()
                        .filter(line -> !line.startsWith("curve"))
                        .count();
        assertThat(inView).isEqualTo(2 * 2002);
    }

    @Test
    void anIsolatedCurveIsTheOnlyOneWritten() throws IOException {
        FigureView isolated =
                new FigureView(FigureView.PLAIN.options(), Viewport.ALL, "slime, p 2");
        assertThat(written(isolated, "figure.csv")).contains("slime, p 2").doesNotContain("dpo");
        assertThat(written(isolated, "figure.svg")).contains("slime, p 2").doesNotContain("dpo");
    }

    @Test
    void inSvgTextStaysTextAndInLatexWordsArePrintable() throws IOException {
        assertThat(written(FigureView.PLAIN, "figure.svg"))
                .contains(
                        "<svg",
                        "viewBox",
                        "logps_mean/chosen",
                        "nat per token",
                        "optimisation step");
        assertThat(written(FigureView.PLAIN, "figure.tex"))
                .contains("logps\\_mean/chosen", "dpo\\_$\\beta$", "fill between", "dashed")
                .doesNotContain("Δ", "β ");
    }

    @Test
    void everyFormatIsWritten() throws IOException {
        String kept = System.getProperty("figures", "");
        Path out = kept.isEmpty() ? folder : Files.createDirectories(Path.of(kept));
        for (FigureFormat format : FigureFormat.values()) {
            Path file = out.resolve("figure" + format.ending());
            new ChartExport(Theme.LIGHT, size).write(figure(), file);
            assertThat(file).exists();
        }
        assertThat(Files.readAllBytes(out.resolve("figure.pdf"))).startsWith('%', 'P', 'D', 'F');
    }

    /// The framing of TFRecord: every record has its length and two checksums around it. The first
    /// says the version; then comes one a measurement.
    @Test
    void tensorBoardEventsAreFramed() throws IOException {
        Path events = folder.resolve("figure.tfevents");
        new ChartExport(Theme.LIGHT, size).write(figure(), events);
        try (var runs = Files.list(events)) {
            assertThat(runs.map(run -> run.getFileName().toString()).sorted())
                    .containsExactly("dpo__0.1_", "slime_p_2");
        }
        Path run = events.resolve("slime_p_2");
        try (var files = Files.list(run)) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Files.readAllBytes(files.findFirst().orElseThrow()))
                            .order(ByteOrder.LITTLE_ENDIAN);
            int records = 0;
            while (bytes.hasRemaining()) {
                int length = (int) bytes.getLong(bytes.position());
                bytes.position(bytes.position() + 12 + length + 4);
                records++;
            }
            assertThat(records).isEqualTo(POINTS + 1);
        }
    }
}
