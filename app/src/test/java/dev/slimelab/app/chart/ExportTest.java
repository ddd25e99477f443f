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
import java.nio.charset.StandardCharsets;
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
                            List.of(),
                            false));
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

    /// Two steps; of the three bins the lowest of the first step was not hit.
    private static Figure heat() {
        HeatMap map =
                new HeatMap(
                        List.of(
                                new HeatMap.Column(0, List.of(0, 1, 3)),
                                new HeatMap.Column(10, List.of(2, 2, 4))),
                        -3,
                        1,
                        new HeatMap.Line(-0.5, "−δ = −0.5"));
        return new Figure(
                "Rejected tokens",
                XAxis.STEPS,
                "log-prob, nat",
                Baseline.NONE,
                new Smoothing.None(),
                "",
                "",
                List.of(),
                new Figure.Form.Heat(map),
                List.of(),
                Backdrop.NONE);
    }

    private String heat(FigureView view, String name) throws IOException {
        Path file = folder.resolve(name);
        new ChartExport(Theme.LIGHT, size, view).write(heat(), file);
        return Files.readString(file);
    }

    private static final FigureView LATE =
            new FigureView(Set.of(), new Viewport(6, 10, -2, 0), null);

    @Test
    void aHeatMapsCsvHoldsTheBinsThatAreDrawn() throws IOException {
        assertThat(heat(FigureView.PLAIN, "heat.csv").lines())
                .containsExactly(
                        "step,from,to,count,share",
                        "0.0,-2.0,-1.0,1,0.25",
                        "0.0,-1.0,0.0,3,0.75",
                        "10.0,-3.0,-2.0,2,0.25",
                        "10.0,-2.0,-1.0,2,0.25",
                        "10.0,-1.0,0.0,4,0.5");
        assertThat(heat(LATE, "zoomed.csv").lines())
                .containsExactly(
                        "step,from,to,count,share", "10.0,-2.0,-1.0,2,0.25", "10.0,-1.0,0.0,4,0.5");
    }

    /// Half way between two steps one column ends and the next begins.
    @Test
    void aHeatMapInLatexHasARectangleForEveryBin() throws IOException {
        String text = heat(FigureView.PLAIN, "heat.tex");
        assertThat(text.lines().filter(line -> line.startsWith("\\fill")))
                .hasSize(5)
                .contains(
                        "\\fill[slimelabshade] (axis cs:0.0,-2.0) rectangle (axis cs:5.0,-1.0);",
                        "\\fill[slimelabshade] (axis cs:5.0,-1.0) rectangle (axis cs:10.0,0.0);");
        assertThat(text).contains("\\draw[dashed]", "$-$$\\delta$ = $-$0.5");
    }

    /// Event {wall_time 1, step 2, summary 5 {value 1 {tag 1, histo 5 {min 1, max 2, num 3, sum 4,
    /// sum_squares 5, bucket_limit 6, bucket 7}}}}, as tensorflow/tsl/protobuf/histogram.proto.
    @Test
    void aHeatMapIsHistogramsForTensorBoard() throws IOException {
        Path events = folder.resolve("heat.tfevents");
        new ChartExport(Theme.LIGHT, size).write(heat(), events);
        try (var files = Files.list(events.resolve("Rejected_tokens"))) {
            ByteBuffer bytes = little(Files.readAllBytes(files.findFirst().orElseThrow()));
            List<byte[]> records = new ArrayList<>();
            while (bytes.hasRemaining()) {
                byte[] message = new byte[(int) bytes.getLong()];
                bytes.getInt();
                bytes.get(message);
                bytes.getInt();
                records.add(message);
            }
            assertThat(records).hasSize(3);
            ByteBuffer last = little(records.get(2));
            assertThat(last.get()).isEqualTo((byte) 0x09); // wall time, eight bytes
            last.getDouble();
            assertThat(last.get()).isEqualTo((byte) 0x10); // step, a varint
            assertThat(last.get()).isEqualTo((byte) 10);
            ByteBuffer value = field(field(last, 5), 1);
            assertThat(new String(rest(field(value, 1)), StandardCharsets.UTF_8))
                    .isEqualTo("Rejected tokens");
            ByteBuffer histogram = field(value, 5);
            // Middles −2.5, −1.5 and −0.5 of 2, 2 and 4 values.
            for (double number : new double[] {-3, 0, 8, -10, 18}) {
                histogram.get();
                assertThat(histogram.getDouble()).isEqualTo(number);
            }
            assertThat(doubles(field(histogram, 6))).containsExactly(-2.0, -1.0, 0.0);
            assertThat(doubles(field(histogram, 7))).containsExactly(2.0, 2.0, 4.0);
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The content of the next field, which has this number and a length of one byte or two.
    private static ByteBuffer field(ByteBuffer message, int number) {
        assertThat(message.get()).isEqualTo((byte) (number << 3 | 2));
        int length = message.get() & 0xFF;
        if (length > 127) {
            length = (length & 0x7F) | message.get() << 7;
        }
        byte[] content = new byte[length];
        message.get(content);
        return little(content);
    }

    private static byte[] rest(ByteBuffer buffer) {
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return rest;
    }

    private static List<Double> doubles(ByteBuffer packed) {
        List<Double> numbers = new ArrayList<>();
        while (packed.hasRemaining()) {
            numbers.add(packed.getDouble());
        }
        return numbers;
    }

    @Test
    void aHeatMapIsWrittenInEveryFormat() throws IOException {
        String kept = System.getProperty("figures", "");
        Path out = kept.isEmpty() ? folder : Files.createDirectories(Path.of(kept));
        for (FigureFormat format : FigureFormat.values()) {
            Path file = out.resolve("heat" + format.ending());
            new ChartExport(Theme.LIGHT, size).write(heat(), file);
            assertThat(file).exists();
        }
    }
}
