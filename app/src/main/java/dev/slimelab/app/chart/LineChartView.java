package dev.slimelab.app.chart;

import dev.slimelab.app.chart.ChartPainter.Emphasis;
import dev.slimelab.app.chart.ChartPainter.Frame;
import dev.slimelab.app.chart.ChartPainter.Painting;
import dev.slimelab.app.chart.ChartPainter.Setting;
import dev.slimelab.app.look.Theme;

import javafx.animation.PauseTransition;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.util.Duration;

import org.jfree.chart.ChartRenderingInfo;
import org.jfree.fx.FXGraphics2D;
import org.jspecify.annotations.Nullable;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A figure in the window: title, legend, plot and caption.
///
/// Drag to zoom, double-click for everything, wheel to zoom the steps, Shift and drag to pan; a
/// click on a legend entry isolates a curve. The plot is painted at most 25 times a second, however
/// often the figure changes, and curves that did not change are left as they are ([Layers]); the
/// cross-hair lives on a canvas of its own, so pointing never repaints the plot.
public final class LineChartView extends VBox {
    private static final Duration BETWEEN_PAINTINGS = Duration.millis(40);

    /// How far from a single point the pointer still reads it, in pixels.
    private static final double REACH = 8;

    /// When a legend is worth its place.
    public enum LegendUse {
        ALWAYS,
        /// Where the same runs are named elsewhere on the screen, only the curves of a single run
        /// need names.
        SINGLE_RUN
    }

    private final LineChartViewModel model;
    private final LegendUse legendUse;
    private final ObservableValue<Theme> theme;
    private final ChartPainter painter = new ChartPainter();
    private final Layers layers = new Layers();
    private final Canvas plot = new Canvas();
    private final Canvas moving = new Canvas();
    private final Canvas overlay = new Canvas();
    private final FlowPane legend = new FlowPane(14, 2);
    private final Label title = new Label();
    private final Label unit = new Label();
    private final Label caption = new Label();
    private final Label empty = new Label();
    private final ReadOut readOut = new ReadOut();
    private final PauseTransition rest = new PauseTransition(BETWEEN_PAINTINGS);

    private @Nullable Painting painting;
    private List<Figure.LegendEntry> legendShown = List.of();
    private @Nullable Theme legendTheme;
    private Rectangle2D area = new Rectangle2D.Double();
    private boolean stale = true;
    private double pressedX = Double.NaN;
    private double pressedY = Double.NaN;
    private double draggedX = Double.NaN;
    private double draggedY = Double.NaN;

    public LineChartView(
            LineChartViewModel model, LegendUse legendUse, ObservableValue<Theme> theme) {
        this.model = model;
        this.legendUse = legendUse;
        this.theme = theme;
        getStyleClass().addAll("card", "chart");
        title.getStyleClass().add("chart-title");
        caption.getStyleClass().add("chart-caption");
        caption.managedProperty().bind(caption.textProperty().isNotEmpty());
        unit.getStyleClass().add("chart-unit");
        unit.setMinWidth(0);
        title.setMinWidth(USE_PREF_SIZE);
        HBox head = new HBox(10, title, unit);
        head.setAlignment(Pos.BASELINE_LEFT);
        empty.getStyleClass().add("chart-empty");
        empty.setWrapText(true);
        legend.getStyleClass().add("chart-legend");
        legend.setMinHeight(USE_PREF_SIZE);
        StackPane stage = new StackPane(canvases(), empty);
        stage.setMinSize(0, 0);
        VBox.setVgrow(stage, Priority.ALWAYS);
        getChildren().addAll(head, legend, stage, caption);
        setMinWidth(0);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        listen();
        showWords(model.figure().get());
    }

    private Pane canvases() {
        Pane pane =
                new Pane(plot, moving, overlay, readOut) {
                    @Override
                    protected void layoutChildren() {
                        super.layoutChildren();
                        if (plot.getWidth() != getWidth() || plot.getHeight() != getHeight()) {
                            for (Canvas canvas : List.of(plot, moving, overlay)) {
                                canvas.setWidth(getWidth());
                                canvas.setHeight(getHeight());
                            }
                            paint();
                        }
                    }
                };
        pane.setMinSize(0, 0);
        pane.setOnMouseMoved(this::point);
        pane.setOnMouseExited(_ -> model.cursorStep().set(Double.NaN));
        pane.setOnMousePressed(this::press);
        pane.setOnMouseDragged(this::drag);
        pane.setOnMouseReleased(this::release);
        pane.setOnScroll(this::zoomSteps);
        return pane;
    }

    private void listen() {
        model.figure()
                .subscribe(
                        figure -> {
                            showWords(figure);
                            repaintSoon();
                        });
        model.options().subscribe(_ -> repaintSoon());
        model.viewport().subscribe(_ -> repaintSoon());
        model.isolated()
                .subscribe(
                        _ -> {
                            showLegend();
                            repaintSoon();
                        });
        model.raised().subscribe(_ -> repaintSoon());
        model.cursorStep().subscribe(_ -> paintOverlay());
        theme.subscribe(
                _ -> {
                    showLegend();
                    repaintSoon();
                });
        rest.setOnFinished(
                _ -> {
                    if (stale) {
                        paintAndRest();
                    }
                });
    }

    private void showWords(Figure figure) {
        title.setText(figure.title());
        unit.setText(figure.yLabel());
        caption.setText(captionOf(figure));
        caption.setVisible(!figure.isEmpty());
        empty.setText(figure.emptySentence());
        empty.setVisible(figure.isEmpty());
        setAccessibleText(figure.title() + ", " + figure.yLabel());
        showLegend();
    }

    private String captionOf(Figure figure) {
        return figure.caption(model.options().get());
    }

    private void showLegend() {
        Figure figure = model.figure().get();
        boolean shown = legendUse == LegendUse.ALWAYS || !figure.isComparison();
        List<Figure.LegendEntry> entries = shown ? figure.legend() : List.of();
        if (!entries.equals(legendShown) || theme.getValue() != legendTheme) {
            legendShown = entries;
            legendTheme = theme.getValue();
            legend.getChildren().setAll(entries.stream().map(this::legendEntry).toList());
        }
        String only = model.isolated().get();
        for (int i = 0; i < entries.size(); i++) {
            boolean faded = only != null && !only.equals(entries.get(i).label());
            legend.getChildren().get(i).setOpacity(faded ? 0.4 : 1);
        }
        legend.setManaged(!entries.isEmpty());
    }

    private CurveLabel legendEntry(Figure.LegendEntry entry) {
        CurveLabel label = new CurveLabel(entry, theme.getValue());
        label.setOnMouseClicked(_ -> model.toggleIsolated(entry.label()));
        label.setOnMouseEntered(_ -> model.raised().set(entry.label()));
        label.setOnMouseExited(_ -> model.raised().set(null));
        return label;
    }

    private void repaintSoon() {
        stale = true;
        if (rest.getStatus() != javafx.animation.Animation.Status.RUNNING) {
            paintAndRest();
        }
    }

    /// A painting that took long is followed by as long a rest, so that the window stays usable.
    private void paintAndRest() {
        long began = System.nanoTime();
        paint();
        Duration took = Duration.millis((System.nanoTime() - began) / 1e6);
        rest.setDuration(took.greaterThan(BETWEEN_PAINTINGS) ? took : BETWEEN_PAINTINGS);
        rest.playFromStart();
    }

    private void paint() {
        stale = false;
        int width = (int) plot.getWidth();
        int height = (int) plot.getHeight();
        if (width < 80 || height < 60) {
            return;
        }
        if (model.figure().get().isEmpty()) {
            plot.getGraphicsContext2D().clearRect(0, 0, width, height);
            moving.getGraphicsContext2D().clearRect(0, 0, width, height);
            layers.forget();
            painting = null;
            area = new Rectangle2D.Double();
            paintOverlay();
            return;
        }
        Emphasis emphasis = new Emphasis(model.isolated().get(), model.raised().get());
        Painting next =
                painter.paint(
                        model.figure().get(),
                        new Setting(
                                theme.getValue(),
                                model.options().get(),
                                model.viewport().get(),
                                emphasis,
                                width,
                                height));
        Layers.Plan plan = layers.next(next);
        if (plan.below()) {
            draw(plot, next, plan.moving(), false);
        }
        draw(moving, next, plan.moving(), true);
        painting = next;
        caption.setText(captionOf(model.figure().get()));
        paintOverlay();
    }

    private void draw(Canvas canvas, Painting next, Set<String> labels, boolean above) {
        GraphicsContext context = canvas.getGraphicsContext2D();
        context.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
        if (above && labels.isEmpty()) {
            return;
        }
        List<PreparedCurve> curves = Layers.only(next.curves(), labels, above);
        ChartRenderingInfo info = new ChartRenderingInfo();
        info.setEntityCollection(null);
        painter.layer(next, curves, above ? Frame.LEFT_OUT : Frame.DRAWN)
                .draw(
                        new FXGraphics2D(context),
                        new Rectangle2D.Double(
                                0, 0, (int) canvas.getWidth(), (int) canvas.getHeight()),
                        info);
        area = info.getPlotInfo().getDataArea();
    }

    private void paintOverlay() {
        GraphicsContext context = overlay.getGraphicsContext2D();
        context.clearRect(0, 0, overlay.getWidth(), overlay.getHeight());
        Painting current = painting;
        double step = model.cursorStep().get();
        if (current == null || Double.isNaN(step) || model.figure().get().isEmpty()) {
            readOut.setVisible(false);
            paintSelection(context);
            return;
        }
        double x = xOf(step);
        context.setStroke(color(theme.getValue().mutedText(), 0.6));
        context.setLineWidth(1);
        context.strokeLine(
                Math.round(x) + 0.5, area.getMinY(), Math.round(x) + 0.5, area.getMaxY());
        for (PreparedCurve curve : current.curves()) {
            double y = yOf(read(curve, step));
            double at = model.figure().get().x().isAscending() ? x : xOf(curve.nearestX(step));
            if (Double.isFinite(y) && area.contains(at, y)) {
                context.setFill(color(curve.curve().hue().on(theme.getValue()), 1));
                context.fillOval(at - 3.5, y - 3.5, 7, 7);
            }
        }
        readOut.show(step, current);
        readOut.place(x, area);
        paintSelection(context);
    }

    /// NaN where there is nothing to read of a curve.
    private double read(PreparedCurve curve, double x) {
        return switch (model.figure().get().x().order()) {
            case ASCENDING -> curve.at(x);
            case PATH -> curve.nearest(x);
            case POINTS ->
                    Math.abs(xOf(curve.nearestX(x)) - xOf(x)) <= REACH
                            ? curve.nearest(x)
                            : Double.NaN;
        };
    }

    private void paintSelection(GraphicsContext context) {
        if (Double.isNaN(draggedX)) {
            return;
        }
        context.setFill(color(theme.getValue().mutedText(), 0.15));
        context.fillRect(
                Math.min(pressedX, draggedX),
                Math.min(pressedY, draggedY),
                Math.abs(draggedX - pressedX),
                Math.abs(draggedY - pressedY));
    }

    private void point(MouseEvent event) {
        boolean inside = area.contains(event.getX(), event.getY());
        model.cursorStep()
                .set(inside ? model.figure().get().x().snapped(stepAt(event.getX())) : Double.NaN);
    }

    private void press(MouseEvent event) {
        if (event.getButton() != MouseButton.PRIMARY) {
            return;
        }
        if (event.getClickCount() == 2) {
            model.reset();
            return;
        }
        pressedX = Math.clamp(event.getX(), area.getMinX(), area.getMaxX());
        pressedY = Math.clamp(event.getY(), area.getMinY(), area.getMaxY());
    }

    private void drag(MouseEvent event) {
        if (Double.isNaN(pressedX) || painting == null) {
            return;
        }
        double x = Math.clamp(event.getX(), area.getMinX(), area.getMaxX());
        double y = Math.clamp(event.getY(), area.getMinY(), area.getMaxY());
        if (event.isShiftDown()) {
            pan(x);
            return;
        }
        draggedX = x;
        draggedY = y;
        paintOverlay();
    }

    private void pan(double x) {
        Painting current = painting;
        if (current != null) {
            double by = stepAt(pressedX) - stepAt(x);
            Scale steps = current.x();
            model.viewport()
                    .set(new Viewport(steps.low() + by, steps.high() + by, Double.NaN, Double.NaN));
            pressedX = x;
        }
    }

    private void release(MouseEvent event) {
        boolean large = Math.abs(draggedX - pressedX) > 6 && Math.abs(draggedY - pressedY) > 6;
        if (large) {
            model.viewport()
                    .set(
                            new Viewport(
                                    stepAt(Math.min(pressedX, draggedX)),
                                    stepAt(Math.max(pressedX, draggedX)),
                                    valueAt(Math.max(pressedY, draggedY)),
                                    valueAt(Math.min(pressedY, draggedY))));
        }
        pressedX = Double.NaN;
        pressedY = Double.NaN;
        draggedX = Double.NaN;
        draggedY = Double.NaN;
        point(event);
        paintOverlay();
    }

    private void zoomSteps(ScrollEvent event) {
        Painting current = painting;
        if (current == null || event.getDeltaY() == 0) {
            return;
        }
        double factor = event.getDeltaY() > 0 ? 0.8 : 1.25;
        double center = stepAt(event.getX());
        double low = center - (center - current.x().low()) * factor;
        double high = center + (current.x().high() - center) * factor;
        if (high - low >= 4 * model.figure().get().x().grain()) {
            model.viewport().set(new Viewport(low, high, Double.NaN, Double.NaN));
        }
        event.consume();
    }

    private double stepAt(double x) {
        Painting current = painting;
        return current == null
                ? Double.NaN
                : current.x().at((x - area.getMinX()) / area.getWidth());
    }

    private double xOf(double step) {
        Painting current = painting;
        return current == null
                ? Double.NaN
                : area.getMinX() + current.x().share(step) * area.getWidth();
    }

    private double valueAt(double y) {
        Painting current = painting;
        return current == null
                ? Double.NaN
                : current.y().at((area.getMaxY() - y) / area.getHeight());
    }

    private double yOf(double value) {
        Painting current = painting;
        return current == null
                ? Double.NaN
                : area.getMaxY() - current.y().share(value) * area.getHeight();
    }

    static Color color(java.awt.Color color, double opacity) {
        return Color.rgb(color.getRed(), color.getGreen(), color.getBlue(), opacity);
    }

    /// The values of all curves at the pointer, in as many columns as the plot's height asks for.
    private final class ReadOut extends VBox {
        private static final double LINE = 17;

        private final Label step = new Label();
        private final FlowPane lines = new FlowPane(Orientation.VERTICAL, 16, 0);
        private final List<CurveLabel> labels = new ArrayList<>();
        private List<Figure.LegendEntry> named = List.of();

        ReadOut() {
            getStyleClass().add("read-out");
            step.getStyleClass().add("read-out-step");
            setMouseTransparent(true);
            setVisible(false);
            setPadding(new Insets(6, 10, 6, 10));
            setAlignment(Pos.TOP_LEFT);
            getChildren().addAll(step, lines);
        }

        void show(double at, Painting current) {
            List<PreparedCurve> curves =
                    current.curves().stream()
                            .filter(curve -> !Double.isNaN(read(curve, at)))
                            .toList();
            name(
                    curves.stream()
                            .map(PreparedCurve::curve)
                            .map(
                                    curve ->
                                            new Figure.LegendEntry(
                                                    curve.label(), curve.hue(), curve.dash()))
                            .toList());
            step.setText(current.figure().x().words(at));
            for (int i = 0; i < curves.size(); i++) {
                List<String> readings = curves.get(i).curve().readings();
                int place = curves.get(i).line().indexAt(at);
                if (readings.isEmpty() || place < 0) {
                    labels.get(i).show(read(curves.get(i), at));
                } else {
                    labels.get(i).show(readings.get(place));
                }
            }
            setVisible(!curves.isEmpty());
        }

        /// The labels are made again only where other curves are read.
        private void name(List<Figure.LegendEntry> entries) {
            if (!entries.equals(named) || theme.getValue() != legendTheme) {
                named = entries;
                labels.clear();
                entries.forEach(entry -> labels.add(new CurveLabel(entry, theme.getValue(), 0)));
                lines.getChildren().setAll(labels);
            }
        }

        void place(double x, Rectangle2D inside) {
            lines.setPrefWrapLength(
                    Math.min(named.size() * LINE, Math.max(LINE, inside.getHeight() - 4 * LINE)));
            autosize();
            double right = x + 14;
            relocate(
                    right + getWidth() <= inside.getMaxX()
                            ? right
                            : Math.max(inside.getMinX(), x - 14 - getWidth()),
                    inside.getMinY() + 6);
        }
    }
}
