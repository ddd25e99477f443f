package dev.slimelab.app.chart;

import dev.slimelab.app.look.Shades;

import org.jspecify.annotations.Nullable;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/// The numbers behind a painting, as text that other programs read.
final class FigureNumbers {
    private static final String HEAD = "curve,group,x,value,raw,low,high\n";

    private static final String CLOSED = " \\closedcycle";

    private final ChartPainter.Painting painting;

    FigureNumbers(ChartPainter.Painting painting) {
        this.painting = painting;
    }

    /// Every measurement in view, one a line: the drawn value (smoothed where the figure is), the
    /// raw one, and the ends of the band where there is one. Numbers are written so that reading
    /// them gives the very same.
    String csv() {
        if (painting.figure().form() instanceof Figure.Form.Heat(HeatMap map)) {
            return csv(map);
        }
        StringBuilder lines = new StringBuilder(HEAD);
        for (PreparedCurve prepared : painting.curves()) {
            Curve curve = prepared.curve();
            Series line = prepared.line();
            Band band = curve.band();
            inView(
                    prepared,
                    i ->
                            lines.append(quoted(curve.label()))
                                    .append(',')
                                    .append(quoted(curve.group()))
                                    .append(',')
                                    .append(line.step(i))
                                    .append(',')
                                    .append(number(line.value(i)))
                                    .append(',')
                                    .append(number(curve.series().value(i)))
                                    .append(',')
                                    .append(end(band == null ? null : band.low(), i))
                                    .append(',')
                                    .append(end(band == null ? null : band.high(), i))
                                    .append('\n'));
        }
        return lines.toString();
    }

    /// Every bin in view that was hit, one a line.
    private String csv(HeatMap map) {
        StringBuilder lines = new StringBuilder("step,from,to,count,share\n");
        for (HeatMap.Tile tile : tiles(map)) {
            lines.append(tile.step()).append(',');
            lines.append(tile.values().low()).append(',').append(tile.values().high()).append(',');
            lines.append(tile.count()).append(',').append(tile.share()).append('\n');
        }
        return lines.toString();
    }

    private List<HeatMap.Tile> tiles(HeatMap map) {
        return map.tiles(painting.x().span(), painting.y().span());
    }

    private void inView(PreparedCurve prepared, IntConsumer point) {
        Viewport viewport = painting.setting().viewport();
        boolean all = viewport.allSteps() || !painting.figure().x().isAscending();
        Series line = prepared.line();
        int from = all ? 0 : Math.max(0, line.indexAt(viewport.fromStep()));
        int to = all ? line.size() : Math.min(line.size(), line.indexAt(viewport.toStep()) + 2);
        for (int i = from; i < to; i++) {
            point.accept(i);
        }
    }

    private static String end(@Nullable Series edge, int i) {
        return edge == null ? "" : number(edge.value(i));
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    private static String quoted(String words) {
        return words.matches("[\\w .=/()-]*") ? words : '"' + words.replace("\"", "\"\"") + '"';
    }

    /// A picture for `\input` in a document that uses the packages pgfplots and xcolor: the drawn
    /// points with their colours, dashes, bands and axes.
    String pgfplots() {
        Figure figure = painting.figure();
        StringBuilder text = new StringBuilder();
        text.append(
                "% \\usepackage{pgfplots} \\pgfplotsset{compat=1.18} \\usepgfplotslibrary{fillbetween}\n");
        text.append("% ").append(figure.caption(painting.setting().options())).append('\n');
        text.append("\\begin{tikzpicture}\n\\begin{axis}[\n");
        text.append("  width=\\linewidth, height=0.6\\linewidth, axis lines=left, ymajorgrids,\n");
        text.append("  title={").append(tex(figure.title())).append("},\n");
        text.append("  xlabel={").append(tex(figure.x().label())).append("},\n");
        text.append("  ylabel={").append(tex(figure.yLabel())).append("},\n");
        List<String> names = figure.x().names();
        if (!names.isEmpty()) {
            text.append("  xtick={0,...,").append(names.size() - 1).append("},\n");
            text.append("  xticklabels={");
            names.forEach(name -> text.append('{').append(tex(name)).append("},"));
            text.append("},\n");
        }
        limits(text, 'x', painting.x());
        limits(text, 'y', painting.y());
        text.append(
                "  legend pos=outer north east, legend cell align=left, legend style={draw=none}]\n");
        switch (figure.form()) {
            case Figure.Form.Lines() -> {
                for (int i = 0; i < painting.curves().size(); i++) {
                    add(text, painting.curves().get(i), i);
                }
            }
            case Figure.Form.Areas() -> {
                for (int i = painting.curves().size() - 1; i >= 0; i--) {
                    addArea(text, painting.curves().get(i), i);
                }
            }
            case Figure.Form.Heat(HeatMap map) -> add(text, map);
        }
        return text.append("\\end{axis}\n\\end{tikzpicture}\n").toString();
    }

    private static void limits(StringBuilder text, char axis, Scale scale) {
        text.append("  ").append(axis).append("min=").append(scale.low());
        text.append(", ").append(axis).append("max=").append(scale.high()).append(',');
        text.append(scale.logarithmic() ? " " + axis + "mode=log,\n" : "\n");
    }

    /// Each area covers what is below its own curve, so the topmost comes first.
    private void addArea(StringBuilder text, PreparedCurve prepared, int index) {
        Curve curve = prepared.curve();
        String color = "slimelab" + index;
        define(text, color, curve.hue().on(painting.setting().theme()));
        plot(text, "draw=white, area legend, fill=" + color + "!75", prepared.visible(), CLOSED);
        text.append("\\addlegendentry{").append(tex(curve.label())).append("}\n");
    }

    /// A rectangle for each bin that was hit, and the line with its name.
    private void add(StringBuilder text, HeatMap map) {
        for (HeatMap.Tile tile : tiles(map)) {
            Color shade =
                    Shades.amount(
                            painting.setting().theme(), HeatAnnotation.strength(tile.share()));
            define(text, "slimelabshade", shade);
            text.append("\\fill[slimelabshade] (axis cs:").append(tile.across().low()).append(',');
            text.append(tile.values().low()).append(") rectangle (axis cs:");
            text.append(tile.across().high()).append(',').append(tile.values().high());
            text.append(");\n");
        }
        HeatMap.Line line = map.line();
        if (line != null) {
            text.append("\\draw[dashed] (axis cs:").append(painting.x().low()).append(',');
            text.append(line.value()).append(") -- (axis cs:").append(painting.x().high());
            text.append(',').append(line.value()).append(") node[below left] {");
            text.append(tex(line.name())).append("};\n");
        }
    }

    private static void define(StringBuilder text, String name, Color color) {
        text.append("\\definecolor{").append(name).append("}{HTML}{");
        text.append(String.format(Locale.ROOT, "%06X", color.getRGB() & 0xFFFFFF)).append("}\n");
    }

    private void add(StringBuilder text, PreparedCurve prepared, int index) {
        Curve curve = prepared.curve();
        String color = "slimelab" + index;
        define(text, color, curve.hue().on(painting.setting().theme()));
        Band band = prepared.band();
        if (band != null) {
            plot(text, "draw=none, forget plot, name path=low" + index, band.low());
            plot(text, "draw=none, forget plot, name path=high" + index, band.high());
            text.append("\\addplot[")
                    .append(color)
                    .append(", opacity=0.18, forget plot] fill between")
                    .append("[of=low")
                    .append(index)
                    .append(" and high")
                    .append(index)
                    .append("];\n");
        }
        if (!prepared.trace().isEmpty()) {
            plot(text, color + ", opacity=0.25, thin, forget plot", prepared.trace());
        }
        String dash =
                switch (curve.dash()) {
                    case SOLID -> "solid";
                    case DASHED -> "dashed";
                    case DOTTED -> "dotted";
                };
        String marks = prepared.visible().size() == 1 ? ", mark=*" : ", thick, no marks";
        plot(text, color + ", " + dash + marks, prepared.visible());
        text.append("\\addlegendentry{").append(tex(curve.label())).append("}\n");
    }

    private static void plot(StringBuilder text, String options, Series points) {
        plot(text, options, points, "");
    }

    private static void plot(StringBuilder text, String options, Series points, String end) {
        text.append("\\addplot[").append(options).append("] table {\n");
        for (int i = 0; i < points.size(); i++) {
            if (Double.isFinite(points.value(i))) {
                text.append(points.step(i)).append(' ').append(points.value(i)).append('\n');
            }
        }
        text.append("}").append(end).append(";\n");
    }

    /// Words that LaTeX prints as they are, in any encoding of its fonts.
    private static String tex(String words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.length(); i++) {
            char letter = words.charAt(i);
            switch (letter) {
                case '_', '%', '#', '&', '$', '{', '}' -> text.append('\\').append(letter);
                case '\\' -> text.append("\\textbackslash{}");
                case '^' -> text.append("\\textasciicircum{}");
                case '~' -> text.append("\\textasciitilde{}");
                case '−' -> text.append("$-$");
                case '·' -> text.append("$\\cdot$");
                case 'Δ' -> text.append("$\\Delta$");
                case 'β' -> text.append("$\\beta$");
                case 'γ' -> text.append("$\\gamma$");
                case 'δ' -> text.append("$\\delta$");
                case 'λ' -> text.append("$\\lambda$");
                case '’' -> text.append('\'');
                case '–' -> text.append("--");
                case '\u202f' -> text.append("\\,");
                default -> text.append(letter);
            }
        }
        return text.toString();
    }
}
