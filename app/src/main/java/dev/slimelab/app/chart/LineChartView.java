package dev.slimelab.app.chart;

import dev.slimelab.app.chart.ChartPainter.Emphasis;
import dev.slimelab.app.chart.ChartPainter.Painting;
import dev.slimelab.app.chart.ChartPainter.Setting;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;

import javafx.animation.PauseTransition;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Insets;
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
import java.util.List;

/// A figure in the window: title, legend, plot and caption.
///
/// Drag to zoom, double-click for everything, wheel to zoom the steps, Shift and drag to pan; a
/// click on a legend entry isolates a curve. The plot is painted at most 25 times a second, however
/// often the figure changes; the cross-hair lives on a canvas of its own, so pointing never
/// repaints the plot.
public final class LineChartView extends VBox {
    private static final Duration BETWEEN_PAINTINGS = Duration.millis(40);

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
    private final Canvas plot = new Canvas();
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
                new Pane(plot, overlay, readOut) {
                    @Override
                    protected void layoutChildren() {
                        super.layoutChildren();
                        if (plot.getWidth() != getWidth() || plot.getHeight() != getHeight()) {
                            plot.setWidth(getWidth());
                            plot.setHeight(getHeight());
                            overlay.setWidth(getWidth());
                            overlay.setHeight(getHeight());
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
        boolean smoothed = model.options().get().contains(ChartOption.SMOOTHED);
        return smoothed ? figure.caption() : figure.note();
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

    private void paintAndRest() {
        paint();
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
        GraphicsContext context = plot.getGraphicsContext2D();
        context.clearRect(0, 0, width, height);
        ChartRenderingInfo info = new ChartRenderingInfo();
        info.setEntityCollection(null);
        next.chart()
                .draw(new FXGraphics2D(context), new Rectangle2D.Double(0, 0, width, height), info);
        painting = next;
        area = info.getPlotInfo().getDataArea();
        caption.setText(captionOf(model.figure().get()));
        paintOverlay();
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
            double y = yOf(curve.at(step));
            if (Double.isFinite(y) && area.contains(x, y)) {
                context.setFill(color(curve.curve().hue().on(theme.getValue()), 1));
                context.fillOval(x - 3.5, y - 3.5, 7, 7);
            }
        }
        readOut.show(step, current.curves());
        readOut.place(x, area);
        paintSelection(context);
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
        model.cursorStep().set(inside ? Math.round(stepAt(event.getX())) : Double.NaN);
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
            Span steps = current.steps();
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
        double low = center - (center - current.steps().low()) * factor;
        double high = center + (current.steps().high() - center) * factor;
        if (high - low >= 4) {
            model.viewport().set(new Viewport(low, high, Double.NaN, Double.NaN));
        }
        event.consume();
    }

    private boolean logarithmic() {
        return model.options().get().contains(ChartOption.LOGARITHMIC_STEPS);
    }

    private double stepAt(double x) {
        Painting current = painting;
        if (current == null) {
            return Double.NaN;
        }
        double share = (x - area.getMinX()) / area.getWidth();
        if (logarithmic()) {
            double low = Math.log(Math.max(1, current.steps().low()));
            double high = Math.log(Math.max(10, current.steps().high()));
            return Math.exp(low + share * (high - low));
        }
        return current.steps().low() + share * current.steps().length();
    }

    private double xOf(double step) {
        Painting current = painting;
        if (current == null) {
            return Double.NaN;
        }
        double share;
        if (logarithmic()) {
            double low = Math.log(Math.max(1, current.steps().low()));
            double high = Math.log(Math.max(10, current.steps().high()));
            share = (Math.log(Math.max(1, step)) - low) / (high - low);
        } else {
            share = (step - current.steps().low()) / current.steps().length();
        }
        return area.getMinX() + share * area.getWidth();
    }

    private double valueAt(double y) {
        Painting current = painting;
        return current == null
                ? Double.NaN
                : current.values().high()
                        - (y - area.getMinY()) / area.getHeight() * current.values().length();
    }

    private double yOf(double value) {
        Painting current = painting;
        return current == null
                ? Double.NaN
                : area.getMinY()
                        + (current.values().high() - value)
                                / current.values().length()
                                * area.getHeight();
    }

    static Color color(java.awt.Color color, double opacity) {
        return Color.rgb(color.getRed(), color.getGreen(), color.getBlue(), opacity);
    }

    /// The values of all curves at the pointer.
    private final class ReadOut extends VBox {
        private final Label step = new Label();

        ReadOut() {
            getStyleClass().add("read-out");
            step.getStyleClass().add("read-out-step");
            setMouseTransparent(true);
            setVisible(false);
            setPadding(new Insets(6, 10, 6, 10));
            setAlignment(Pos.TOP_LEFT);
        }

        void show(double at, List<PreparedCurve> curves) {
            step.setText("step " + Numbers.fixed(at, 0));
            getChildren().setAll(step);
            curves.stream()
                    .filter(curve -> !Double.isNaN(curve.at(at)))
                    .map(this::line)
                    .forEach(getChildren()::add);
            setVisible(getChildren().size() > 1);
        }

        private CurveLabel line(PreparedCurve prepared) {
            Curve curve = prepared.curve();
            return new CurveLabel(
                    new Figure.LegendEntry(curve.label(), curve.hue(), curve.dash()),
                    theme.getValue(),
                    prepared.at(model.cursorStep().get()));
        }

        void place(double x, Rectangle2D inside) {
            autosize();
            double right = x + 14;
            relocate(
                    right + getWidth() <= inside.getMaxX() ? right : x - 14 - getWidth(),
                    inside.getMinY() + 6);
        }
    }
}
