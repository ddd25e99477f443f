package dev.slimelab.engine.spec;

import dev.slimelab.engine.objective.Slope;
import dev.slimelab.engine.parameter.Settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/// Two small panels, loss and slope over one quantity, as SVG text.
final class CurvePlot {
    /// @param name what the legend says; empty where there is one curve
    record Curve(String name, DoubleFunction<Slope> loss) {}

    private static final List<String> COLOURS = List.of("#0072B2", "#D55E00");
    private static final int WIDTH = 250;
    private static final int HEIGHT = 150;
    private static final int LEFT = 46;
    private static final int TOP = 26;
    private static final int SAMPLES = 240;

    private final String x;
    private final double from;
    private final double to;
    private final List<Curve> curves;

    /// @param x what the horizontal axis shows
    CurvePlot(String x, double from, double to, List<Curve> curves) {
        this.x = x;
        this.from = from;
        this.to = to;
        this.curves = curves;
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="620" height="220" viewBox="0 0 620 220" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#444">
                <rect width="620" height="220" fill="#fff"/>
                """);
        panel(svg, "loss", LEFT, Slope::value);
        panel(svg, "slope", LEFT + WIDTH + 60, Slope::derivative);
        return svg.append("</svg>\n").toString();
    }

    private interface Part {
        double of(Slope slope);
    }

    private void panel(StringBuilder svg, String title, int left, Part part) {
        List<double[]> values = new ArrayList<>();
        for (Curve curve : curves) {
            values.add(
                    IntStream.rangeClosed(0, SAMPLES)
                            .mapToDouble(i -> part.of(curve.loss().apply(at(i))))
                            .toArray());
        }
        double[] all = values.stream().flatMapToDouble(Arrays::stream).toArray();
        double step = tick(span(all) / 3);
        double bottom = step * Math.floor(min(all) / step);
        double top = Math.max(bottom + step, step * Math.ceil(max(all) / step));
        for (long k = Math.round(bottom / step); k <= Math.round(top / step); k++) {
            double y = k * step;
            double py = TOP + HEIGHT * (top - y) / (top - bottom);
            svg.append(line(left, py, left + WIDTH, py, "#e6e6e6"));
            svg.append(text(left - 6, py + 4, "end", number(y)));
        }
        double xStep = tick((to - from) / 8);
        for (long k = (long) Math.ceil(from / xStep); k <= (long) Math.floor(to / xStep); k++) {
            double v = k * xStep;
            double px = left + WIDTH * (v - from) / (to - from);
            svg.append(line(px, TOP + HEIGHT, px, TOP + HEIGHT + 4, "#999"));
            svg.append(text(px, TOP + HEIGHT + 17, "middle", number(v)));
        }
        svg.append(line(left, TOP + HEIGHT, left + WIDTH, TOP + HEIGHT, "#999"));
        svg.append(text(left, TOP - 10, "start", title));
        svg.append(text(left + WIDTH / 2.0, TOP + HEIGHT + 34, "middle", x));
        for (int c = 0; c < curves.size(); c++) {
            String colour = COLOURS.get(c);
            StringBuilder points = new StringBuilder();
            for (int i = 0; i <= SAMPLES; i++) {
                points.append(i == 0 ? "" : " ")
                        .append(decimal(left + (double) WIDTH * i / SAMPLES))
                        .append(',')
                        .append(decimal(TOP + HEIGHT * (top - values.get(c)[i]) / (top - bottom)));
            }
            svg.append(
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"%s\"/>\n"
                            .formatted(colour, points));
            svg.append(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s</text>\n"
                            .formatted(
                                    left + WIDTH - 70 * (curves.size() - 1 - c),
                                    TOP - 10,
                                    colour,
                                    curves.get(c).name()));
        }
    }

    private double at(int sample) {
        return from + (to - from) * sample / SAMPLES;
    }

    /// 1, 2 or 5 times a power of ten, at least `width`.
    private static double tick(double width) {
        double power = Math.pow(10, Math.floor(Math.log10(width)));
        double leading = width / power;
        return power * (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10);
    }

    private static double span(double[] values) {
        return Math.max(1e-3, max(values) - min(values));
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    private static String line(double x1, double y1, double x2, double y2, String colour) {
        return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n"
                .formatted(decimal(x1), decimal(y1), decimal(x2), decimal(y2), colour);
    }

    private static String text(double x, double y, String anchor, String text) {
        return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(decimal(x), decimal(y), anchor, text);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String number(double tick) {
        double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.4g", tick));
        String text =
                Math.abs(rounded) < 1e5
                        ? Settings.number(rounded)
                        : Settings.number(rounded / 1e6) + "M";
        return text.replace('-', '−');
    }
}
