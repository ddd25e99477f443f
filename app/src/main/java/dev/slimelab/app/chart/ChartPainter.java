package dev.slimelab.app.chart;

import dev.slimelab.app.chart.Figure.Form;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Theme;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYAreaRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYDataset;
import org.jspecify.annotations.Nullable;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Set;

/// Turns a figure into a JFreeChart with the look of a printed one: pale horizontal grid, no
/// outline, few ticks, round strokes, the raw trace faint behind the line. The window and the
/// exported files use the same one.
final class ChartPainter {
    /// How much a curve stands out.
    ///
    /// @param isolated the label of the only legend entry to show
    /// @param raised the label of the legend entry that stands out
    record Emphasis(@Nullable String isolated, @Nullable String raised) {
        static final Emphasis NONE = new Emphasis(null, null);

        boolean hides(Figure figure, Curve curve) {
            return isolated != null && !isolated.equals(figure.legendLabel(curve));
        }

        boolean fades(Figure figure, Curve curve) {
            return raised != null && !raised.equals(figure.legendLabel(curve));
        }
    }

    /// All that decides a painting apart from the figure.
    record Setting(
            Theme theme,
            Set<ChartOption> options,
            Viewport viewport,
            Emphasis emphasis,
            int width,
            int height) {
        /// Too low for the words below the axis.
        boolean isSmall() {
            return height < SMALL_HEIGHT;
        }
    }

    /// What a chart draws, and what is needed to read it at a step.
    record Painting(Figure figure, Setting setting, List<PreparedCurve> curves, Scale x, Scale y) {}

    /// Whether a layer has its axes and its ground.
    enum Frame {
        DRAWN,
        /// Only space for it, so that one layer lies exactly on another.
        LEFT_OUT
    }

    private static final BasicStroke THIN = stroke(1f);
    private static final float LINE_WIDTH = 2.2f;
    private static final int RAW_ALPHA = 60;
    private static final int SMALL_HEIGHT = 140;
    private static final int FADED_ALPHA = 70;
    private static final int BACKDROP_ALPHA = 55;
    private static final int BAND_ALPHA = 45;

    private final CurveCache cache = new CurveCache();

    Painting paint(Figure figure, Setting setting) {
        Smoothing smoothing =
                setting.options().contains(ChartOption.SMOOTHED)
                        ? figure.smoothing()
                        : new Smoothing.None();
        int budget = PreparedCurve.budget(setting.width(), figure.curves().size());
        List<PreparedCurve> all = cache.prepare(figure, smoothing, setting.viewport(), budget);
        boolean traces = figure.hasTraces(setting.options());
        List<PreparedCurve> curves =
                all.stream()
                        .filter(prepared -> !setting.emphasis().hides(figure, prepared.curve()))
                        .map(prepared -> traces ? prepared : prepared.withoutTrace())
                        .toList();
        List<PreparedCurve> drawn =
                figure.form() instanceof Form.Areas
                        ? PreparedCurve.stacked(curves, setting.viewport(), budget)
                        : curves;
        Scale x = x(figure, drawn, setting);
        Scale y = y(figure, drawn, setting);
        return new Painting(figure, setting, drawn, x, y);
    }

    /// All of a painting.
    static JFreeChart chart(Painting painting) {
        return layer(painting, painting.curves(), Frame.DRAWN);
    }

    /// Some of a painting's curves, in the same place.
    static JFreeChart layer(Painting painting, List<PreparedCurve> curves, Frame frame) {
        Figure figure = painting.figure();
        Setting setting = painting.setting();
        XYPlot plot = plot(figure, setting, painting.x(), painting.y());
        switch (figure.form()) {
            case Form.Lines() -> {
                plot.setDataset(0, new CurveDataset(curves, CurveDataset.Layer.LINE));
                plot.setDataset(1, new CurveDataset(curves, CurveDataset.Layer.RAW));
                XYLineAndShapeRenderer lines = lines(figure, curves, setting);
                plot.setRenderer(0, lines);
                plot.setRenderer(1, traces(figure, curves, setting));
                addBands(lines, figure, curves, setting);
                if (frame == Frame.DRAWN) {
                    baselines(painting)
                            .forEach(marker -> plot.addRangeMarker(marker, Layer.BACKGROUND));
                }
            }
            case Form.Areas() -> {
                // Painted from the top: each area covers what is below its own curve.
                plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
                List<PreparedCurve> downwards = curves.reversed();
                plot.setDataset(new CurveDataset(downwards, CurveDataset.Layer.LINE));
                plot.setRenderer(areas(figure, downwards, setting));
            }
            case Form.Heat(HeatMap map) -> {
                plot.setRangeGridlinesVisible(false);
                plot.setDataset(new CurveDataset(List.of(), CurveDataset.Layer.LINE));
                plot.setRenderer(renderer());
                plot.addAnnotation(new HeatAnnotation(map, setting.theme()));
            }
        }
        if (frame == Frame.DRAWN) {
            drawBackdrop(figure.backdrop(), setting.theme(), plot);
            addMarks(plot, figure.marks(), setting.theme());
        }
        JFreeChart chart = new JFreeChart(null, font(Font.PLAIN, 12), plot, false);
        chart.setBackgroundPaint(setting.theme().surface());
        chart.setPadding(RectangleInsets.ZERO_INSETS);
        if (frame == Frame.LEFT_OUT) {
            chart.setBackgroundPaint(null);
            plot.setBackgroundPaint(null);
            plot.setRangeGridlinesVisible(false);
            plot.getDomainAxis().setTickLabelsVisible(false);
            plot.getDomainAxis().setLabel(null);
            plot.getRangeAxis().setTickLabelsVisible(false);
        }
        return chart;
    }

    private static Scale x(Figure figure, List<PreparedCurve> curves, Setting setting) {
        XAxis axis = figure.x();
        boolean logarithmic =
                setting.options().contains(ChartOption.LOGARITHMIC_STEPS) && axis.names().isEmpty();
        return Scale.of(span(figure, curves, setting.viewport()), axis.grain(), logarithmic);
    }

    private static Span span(Figure figure, List<PreparedCurve> curves, Viewport viewport) {
        if (!viewport.allSteps()) {
            return new Span(viewport.fromStep(), viewport.toStep());
        }
        if (figure.form() instanceof Form.Heat(HeatMap map)) {
            return map.steps();
        }
        XAxis axis = figure.x();
        if (!axis.names().isEmpty()) {
            return new Span(-0.4, axis.names().size() - 0.6);
        }
        if (axis.equals(XAxis.STEPS)) {
            return Span.ofSteps(curves);
        }
        Span span = Span.ofPositions(curves);
        return axis.order() == XAxis.Order.POINTS ? span.withMargin(0.04) : span;
    }

    private static Scale y(Figure figure, List<PreparedCurve> curves, Setting setting) {
        Span span = values(figure, curves, setting);
        // Areas begin at zero and bins are of equal width.
        boolean logarithmic =
                figure.form() instanceof Form.Lines
                        && setting.options().contains(ChartOption.LOGARITHMIC_VALUES);
        return Scale.ofValues(span, Span.lowest(curves), logarithmic);
    }

    private static Span values(Figure figure, List<PreparedCurve> curves, Setting setting) {
        Viewport viewport = setting.viewport();
        if (!viewport.allValues()) {
            return new Span(viewport.fromValue(), viewport.toValue());
        }
        return switch (figure.form()) {
            case Form.Heat(HeatMap map) -> map.values();
            case Form.Lines() ->
                    setting.options().contains(ChartOption.CLIPPED)
                            ? Span.ofMostValues(curves)
                            : Span.ofValues(curves, figure.baseline());
            case Form.Areas() -> Span.fromZero(curves);
        };
    }

    private static void addBands(
            XYLineAndShapeRenderer lines,
            Figure figure,
            List<PreparedCurve> curves,
            Setting setting) {
        for (PreparedCurve prepared : curves) {
            Band band = prepared.band();
            if (band != null) {
                boolean faded = setting.emphasis().fades(figure, prepared.curve());
                Color color =
                        alpha(
                                prepared.curve().hue().on(setting.theme()),
                                faded ? BAND_ALPHA / 3 : BAND_ALPHA);
                lines.addAnnotation(new BandAnnotation(band, color), Layer.BACKGROUND);
            }
        }
    }

    int computedCurves() {
        return cache.computed();
    }

    static Font font(int style, int size) {
        return new Font(Fonts.TEXT, style, size);
    }

    private static XYPlot plot(Figure figure, Setting setting, Scale x, Scale y) {
        Theme theme = setting.theme();
        XYPlot plot = new XYPlot();
        plot.setDomainAxis(stepAxis(figure, setting, x));
        plot.setRangeAxis(valueAxis(setting, y));
        plot.setBackgroundPaint(theme.surface());
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(theme.grid());
        plot.setRangeGridlineStroke(THIN);
        plot.setRangeZeroBaselineVisible(false);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setInsets(new RectangleInsets(6, 0, 0, 12));
        plot.setFixedRangeAxisSpace(space(46, 0));
        plot.setFixedDomainAxisSpace(space(0, setting.isSmall() ? 20 : 36));
        return plot;
    }

    /// Fixed, so that stacked charts line up and nothing jumps while a label grows by a digit.
    private static AxisSpace space(double left, double bottom) {
        AxisSpace space = new AxisSpace();
        space.setLeft(left);
        space.setBottom(bottom);
        return space;
    }

    private static ValueAxis stepAxis(Figure figure, Setting setting, Scale x) {
        if (!figure.x().names().isEmpty()) {
            return named(figure.x(), x, setting.theme());
        }
        String label = setting.isSmall() ? null : figure.x().label();
        if (x.logarithmic()) {
            return logarithmic(label, x, setting.theme());
        }
        int ticks = Math.clamp(setting.width() / 90, 3, 9);
        double tick = Math.max(figure.x().grain(), x.span().tick(ticks));
        return axis(label, x.span(), tick, setting.theme());
    }

    private static ValueAxis valueAxis(Setting setting, Scale y) {
        int ticks = Math.clamp(setting.height() / 42, 3, 7);
        // Its label stands above the plot, horizontal.
        return y.logarithmic()
                ? logarithmic(null, y, setting.theme())
                : axis(null, y.span(), y.span().tick(ticks), setting.theme());
    }

    private static SymbolAxis named(XAxis x, Scale scale, Theme theme) {
        SymbolAxis axis = new SymbolAxis(x.label(), x.names().toArray(String[]::new));
        axis.setRange(scale.low(), scale.high());
        axis.setGridBandsVisible(false);
        style(axis, theme);
        return axis;
    }

    private static LogAxis logarithmic(@Nullable String label, Scale scale, Theme theme) {
        LogAxis axis = new LogAxis(label);
        axis.setSmallestValue(scale.low());
        axis.setRange(scale.low(), scale.high());
        axis.setNumberFormatOverride(Numbers.powers());
        style(axis, theme);
        return axis;
    }

    private static NumberAxis axis(@Nullable String label, Span span, double tick, Theme theme) {
        NumberAxis axis = new NumberAxis(label);
        axis.setAutoRangeIncludesZero(false);
        axis.setRange(span.low(), span.high());
        axis.setTickUnit(new NumberTickUnit(tick, Numbers.axis(tick, span.largest())));
        style(axis, theme);
        return axis;
    }

    private static void style(ValueAxis axis, Theme theme) {
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        axis.setTickLabelFont(font(Font.PLAIN, 11));
        axis.setTickLabelPaint(theme.mutedText());
        axis.setTickLabelInsets(new RectangleInsets(3, 4, 3, 6));
        axis.setLabelFont(font(Font.PLAIN, 11));
        axis.setLabelPaint(theme.mutedText());
        axis.setLabelInsets(new RectangleInsets(2, 2, 2, 2));
    }

    private static XYLineAndShapeRenderer lines(
            Figure figure, List<PreparedCurve> curves, Setting setting) {
        XYLineAndShapeRenderer renderer = renderer();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i).curve();
            Color color = curve.hue().on(setting.theme());
            renderer.setSeriesPaint(
                    i, setting.emphasis().fades(figure, curve) ? alpha(color, FADED_ALPHA) : color);
            renderer.setSeriesStroke(i, stroke(curve.dash(), LINE_WIDTH));
            // A line needs two points; a single measurement is shown as a dot.
            renderer.setSeriesShapesVisible(i, curves.get(i).visible().size() == 1);
            renderer.setSeriesShape(i, new java.awt.geom.Ellipse2D.Double(-4, -4, 8, 8));
        }
        return renderer;
    }

    /// Opaque, so that what lies behind does not shine through; a line in the surface's colour
    /// keeps neighbours apart.
    private static XYAreaRenderer areas(
            Figure figure, List<PreparedCurve> curves, Setting setting) {
        XYAreaRenderer renderer = new XYAreaRenderer(XYAreaRenderer.AREA);
        renderer.setOutline(true);
        renderer.setDefaultCreateEntities(false);
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i).curve();
            double strength = setting.emphasis().fades(figure, curve) ? 0.25 : 0.75;
            renderer.setSeriesPaint(
                    i,
                    Shades.mix(
                            setting.theme().surface(), curve.hue().on(setting.theme()), strength));
            renderer.setSeriesOutlinePaint(i, setting.theme().surface());
            renderer.setSeriesOutlineStroke(i, THIN);
        }
        return renderer;
    }

    private static void addMarks(XYPlot plot, List<Mark> marks, Theme theme) {
        for (Mark mark : marks) {
            switch (mark.kind()) {
                case ALARM -> plot.addAnnotation(new AlarmAnnotation(mark.step(), theme));
                case CHANGE ->
                        plot.addDomainMarker(
                                new ValueMarker(mark.step(), theme.mutedText(), THIN),
                                Layer.FOREGROUND);
            }
        }
    }

    private static XYLineAndShapeRenderer traces(
            Figure figure, List<PreparedCurve> curves, Setting setting) {
        XYLineAndShapeRenderer renderer = renderer();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i).curve();
            int opacity = setting.emphasis().fades(figure, curve) ? RAW_ALPHA / 3 : RAW_ALPHA;
            renderer.setSeriesPaint(i, alpha(curve.hue().on(setting.theme()), opacity));
            renderer.setSeriesStroke(i, THIN);
        }
        return renderer;
    }

    private static XYLineAndShapeRenderer renderer() {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setDefaultCreateEntities(false);
        return renderer;
    }

    /// Bars on a scale of their own that fills most of the height, behind everything.
    private static void drawBackdrop(Backdrop backdrop, Theme theme, XYPlot plot) {
        if (!backdrop.counts().isEmpty()) {
            DefaultXYDataset bars = new DefaultXYDataset();
            bars.addSeries("values", backdrop.outline());
            NumberAxis scale = new NumberAxis();
            scale.setRange(0, backdrop.highest() * 1.1);
            scale.setVisible(false);
            XYAreaRenderer renderer = new XYAreaRenderer(XYAreaRenderer.AREA);
            renderer.setSeriesPaint(0, alpha(theme.mutedText(), BACKDROP_ALPHA));
            renderer.setDefaultCreateEntities(false);
            plot.setDataset(2, bars);
            plot.setRangeAxis(1, scale);
            plot.mapDatasetToRangeAxis(2, 1);
            plot.setRenderer(2, renderer);
        }
        for (double bound : backdrop.bounds()) {
            plot.addDomainMarker(marker(bound, alpha(theme.mutedText(), 110)), Layer.BACKGROUND);
        }
    }

    /// More than a handful of beginnings would be a second grid; then none is drawn.
    private static List<ValueMarker> baselines(Painting painting) {
        List<PreparedCurve> curves = painting.curves();
        Theme theme = painting.setting().theme();
        Color muted = alpha(theme.mutedText(), 170);
        return switch (painting.figure().baseline()) {
            case NONE -> List.of();
            case ZERO -> List.of(marker(0, muted));
            case FIRST_VALUE ->
                    curves.size() > 3
                            ? List.of()
                            : curves.stream()
                                    .filter(prepared -> !prepared.line().isEmpty())
                                    .map(
                                            prepared ->
                                                    marker(
                                                            prepared.line().first(),
                                                            alpha(
                                                                    prepared.curve()
                                                                            .hue()
                                                                            .on(theme),
                                                                    170)))
                                    .toList();
        };
    }

    private static ValueMarker marker(double value, Color color) {
        BasicStroke dashes =
                new BasicStroke(
                        1f,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_ROUND,
                        1f,
                        new float[] {4, 4},
                        0);
        return new ValueMarker(value, color, dashes);
    }

    static BasicStroke stroke(Curve.Dash dash, float width) {
        return switch (dash) {
            case SOLID -> stroke(width);
            case DASHED -> stroke(width, 7, 5);
            case DOTTED -> stroke(width, 1, 5);
        };
    }

    private static BasicStroke stroke(float width, float... dashes) {
        return new BasicStroke(
                width,
                BasicStroke.CAP_ROUND,
                BasicStroke.JOIN_ROUND,
                1f,
                dashes.length == 0 ? null : dashes,
                0);
    }

    static Color alpha(Color color, int alpha) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
    }
}
