package dev.slimelab.app.chart;

import dev.slimelab.app.chart.ChartPainter.Emphasis;
import dev.slimelab.app.chart.ChartPainter.Frame;
import dev.slimelab.app.chart.ChartPainter.Painting;
import dev.slimelab.app.chart.ChartPainter.Setting;
import dev.slimelab.app.look.Sheet;
import dev.slimelab.app.look.Theme;

import javafx.animation.PauseTransition;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.util.Duration;

import org.jfree.chart.ChartRenderingInfo;
import org.jfree.fx.FXGraphics2D;
import org.jspecify.annotations.Nullable;

import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// A figure in the window: title, legend, plot and caption.
///
/// Drag to zoom, double-click for everything, wheel to zoom the steps, Shift and drag to pan; a
/// click chooses a step or lets go of it, on a legend entry it isolates a curve. With the focus,
/// the left and right arrows move the cross-hair (by ten steps with Shift), Enter chooses its step,
/// up and down go through the curves one by one, plus and minus zoom, and 0 shows everything.
///
/// The plot is painted at most 25 times a second, a small one four times, however often the figure
/// changes, and curves that did not change are left as they are ([Layers]); the cross-hair lives on
/// a canvas of its own, so pointing never repaints the plot.
public final class LineChartView extends VBox {
    /// The layers of the sheet.
    private static final int PLOT = 0;

    private static final int MOVING = 1;
    private static final int OVERLAY = 2;

    /// How close to a mark the pointer must be to mean it, in pixels.
    private static final double NEAR = 7;

    /// How much a chart has to say.
    public enum Size {
        /// The chart that is read.
        LARGE(40),
        /// One of many that are glanced at: without caption and words below its axis, and read only
        /// where it is pointed at.
        SMALL(250);

        private final int millisBetweenPaintings;

        Size(int millisBetweenPaintings) {
            this.millisBetweenPaintings = millisBetweenPaintings;
        }
    }

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
    private final Size size;
    private final ObservableValue<Theme> theme;
    private final ChartPainter painter = new ChartPainter();
    private final Layers layers = new Layers();
    private final Sheet sheet = new Sheet(3, this::paintAnew);
    private final FlowPane legend = new FlowPane(14, 2);
    private final Label title = new Label();
    private final Label unit = new Label();
    private final Label caption = new Label();
    private final Label empty = new Label();
    private final ReadOut readOut = new ReadOut();
    private final HBox head = new HBox(10);
    private final PauseTransition rest;

    private @Nullable Painting painting;
    private List<Figure.LegendEntry> legendShown = List.of();
    private @Nullable Theme legendTheme;
    private boolean scaleShown;
    private Rectangle2D area = new Rectangle2D.Double();
    private boolean stale = true;
    private boolean onScreen = true;
    private double pointedX = Double.NaN;
    private double pointedY = Double.NaN;
    private double pressedX = Double.NaN;
    private double pressedY = Double.NaN;
    private double draggedX = Double.NaN;
    private double draggedY = Double.NaN;

    public LineChartView(
            LineChartViewModel model, LegendUse legendUse, ObservableValue<Theme> theme) {
        this(model, legendUse, Size.LARGE, theme);
    }

    public LineChartView(
            LineChartViewModel model,
            LegendUse legendUse,
            Size size,
            ObservableValue<Theme> theme) {
        this.model = model;
        this.legendUse = legendUse;
        this.size = size;
        this.theme = theme;
        rest = new PauseTransition(Duration.millis(size.millisBetweenPaintings));
        getStyleClass().addAll("card", "chart");
        if (size == Size.SMALL) {
            getStyleClass().add("small");
        } else {
            setFocusTraversable(true);
        }
        title.getStyleClass().add("chart-title");
        caption.getStyleClass().add("chart-caption");
        caption.managedProperty().bind(caption.textProperty().isNotEmpty());
        caption.setMinWidth(0);
        unit.getStyleClass().add("chart-unit");
        unit.setMinWidth(0);
        title.setMinWidth(size == Size.LARGE ? USE_PREF_SIZE : 0); // the unit is cut first
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        head.getChildren().addAll(title, gap);
        if (size == Size.LARGE) {
            head.getChildren().add(1, unit);
        }
        head.setAlignment(Pos.CENTER_LEFT);
        empty.getStyleClass().add("chart-empty");
        empty.setWrapText(true);
        legend.getStyleClass().add("chart-legend");
        legend.setMinHeight(USE_PREF_SIZE);
        StackPane stage = new StackPane(canvases(), empty);
        stage.setMinSize(0, 0);
        VBox.setVgrow(stage, Priority.ALWAYS);
        getChildren().addAll(head, legend, stage);
        if (size == Size.LARGE) {
            getChildren().add(caption);
        }
        setMinWidth(0);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        listen();
        showWords(model.figure().get());
    }

    /// Puts a control behind the title.
    public void addTool(Node tool) {
        head.getChildren().add(tool);
    }

    /// Says whether anyone can see the chart; one that is out of sight is not painted.
    public void setOnScreen(boolean visible) {
        onScreen = visible;
        if (visible && stale) {
            repaintSoon();
        }
    }

    private Pane canvases() {
        Pane pane =
                new Pane(sheet, readOut) {
                    @Override
                    protected void layoutChildren() {
                        super.layoutChildren();
                        sheet.resize(getWidth(), getHeight());
                    }
                };
        pane.setMinSize(0, 0);
        pane.setOnMouseMoved(this::point);
        pane.setOnMouseExited(
                _ -> {
                    pointedX = Double.NaN;
                    model.cursorStep().set(Double.NaN);
                });
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
        model.chosenStep().subscribe(_ -> paintOverlay());
        setOnKeyPressed(this::press);
        setOnMousePressed(_ -> requestFocus());
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
        // The only curve of a small chart is what its title says.
        boolean named = size == Size.LARGE || figure.legend().size() > 1;
        List<Figure.LegendEntry> entries = shown && named ? figure.legend() : List.of();
        boolean scaled = figure.form() instanceof Figure.Form.Heat && !figure.isEmpty();
        if (!entries.equals(legendShown)
                || theme.getValue() != legendTheme
                || scaled != scaleShown) {
            legendShown = entries;
            legendTheme = theme.getValue();
            scaleShown = scaled;
            showInLegend(
                    scaled
                            ? List.of(new HeatScale(theme.getValue()))
                            : entries.stream().map(this::legendEntry).toList());
        }
        String only = model.isolated().get();
        int first = legend.getChildren().size() - entries.size();
        for (int i = 0; i < entries.size(); i++) {
            boolean faded = only != null && !only.equals(entries.get(i).label());
            legend.getChildren().get(first + i).setOpacity(faded ? 0.4 : 1);
        }
        legend.setManaged(!legend.getChildren().isEmpty());
    }

    /// A small chart has no room for its unit elsewhere.
    private void showInLegend(List<? extends Node> entries) {
        legend.getChildren().setAll(entries);
        if (size == Size.SMALL) {
            legend.getChildren().addFirst(unit);
        }
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
        Duration least = Duration.millis(size.millisBetweenPaintings);
        rest.setDuration(took.greaterThan(least) ? took : least);
        rest.playFromStart();
    }

    /// On an empty sheet.
    private void paintAnew() {
        layers.forget();
        paint();
    }

    private void paint() {
        stale = !onScreen;
        if (!onScreen) {
            return;
        }
        int width = (int) sheet.getWidth();
        int height = (int) sheet.getHeight();
        if (width < 80 || height < 60) {
            return;
        }
        if (model.figure().get().isEmpty()) {
            sheet.begin(PLOT);
            sheet.begin(MOVING);
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
            draw(PLOT, next, plan.moving());
        }
        draw(MOVING, next, plan.moving());
        painting = next;
        caption.setText(captionOf(model.figure().get()));
        paintOverlay();
    }

    private void draw(int layer, Painting next, Set<String> labels) {
        boolean above = layer == MOVING;
        FXGraphics2D graphics = new FXGraphics2D(sheet.begin(layer));
        if (above && labels.isEmpty()) {
            return;
        }
        graphics.setTransform(
                AffineTransform.getScaleInstance(sheet.sharpness(), sheet.sharpness()));
        List<PreparedCurve> curves = Layers.only(next.curves(), labels, above);
        ChartRenderingInfo info = new ChartRenderingInfo();
        info.setEntityCollection(null);
        ChartPainter.layer(next, curves, above ? Frame.LEFT_OUT : Frame.DRAWN)
                .draw(
                        graphics,
                        new Rectangle2D.Double(
                                0, 0, (int) sheet.getWidth(), (int) sheet.getHeight()),
                        info);
        area = info.getPlotInfo().getDataArea();
    }

    private void paintOverlay() {
        GraphicsContext context = sheet.begin(OVERLAY);
        Painting current = painting;
        if (current == null || model.figure().get().isEmpty()) {
            readOut.setVisible(false);
            return;
        }
        if (countsSteps()) {
            paintStep(context, model.chosenStep().get(), theme.getValue().text());
        }
        double step = model.cursorStep().get();
        paintStep(context, step, theme.getValue().mutedText());
        if (model.figure().get().form() instanceof Figure.Form.Lines) {
            paintDots(context, step, current.curves());
        }
        boolean read = !Double.isNaN(step) && (size == Size.LARGE || !Double.isNaN(pointedX));
        readOut.setVisible(read);
        if (read) {
            read(step, current);
        }
        paintSelection(context);
    }

    private void paintStep(GraphicsContext context, double step, java.awt.Color color) {
        double x = Math.round(xOf(step)) + 0.5;
        if (x >= area.getMinX() && x <= area.getMaxX() + 1) {
            context.setStroke(color(color, 0.6));
            context.setLineWidth(1);
            context.strokeLine(x, area.getMinY(), x, area.getMaxY());
        }
    }

    private void paintDots(GraphicsContext context, double step, List<PreparedCurve> curves) {
        double x = xOf(step);
        for (PreparedCurve curve : curves) {
            double y = yOf(read(curve, step));
            double at = model.figure().get().x().isAscending() ? x : xOf(curve.nearestX(step));
            if (Double.isFinite(y) && area.contains(at, y)) {
                context.setFill(color(curve.curve().hue().on(theme.getValue()), 1));
                context.fillOval(at - 3.5, y - 3.5, 7, 7);
            }
        }
    }

    private void read(double step, Painting current) {
        double x = xOf(step);
        List<Mark> marks =
                model.figure().get().marks().stream()
                        .filter(mark -> Math.abs(xOf(mark.step()) - x) <= NEAR)
                        .toList();
        if (model.figure().get().form() instanceof Figure.Form.Heat(HeatMap map)) {
            boolean here = !Double.isNaN(pointedX);
            readOut.show(step, map, here ? valueAt(pointedY) : Double.NaN, marks);
        } else {
            readOut.show(step, current, curve -> read(curve, step), marks, theme.getValue());
        }
        readOut.place(x, area);
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
        pointedX = inside ? event.getX() : Double.NaN;
        pointedY = event.getY();
        model.cursorStep()
                .set(inside ? model.figure().get().x().snapped(stepAt(event.getX())) : Double.NaN);
    }

    private void press(MouseEvent event) {
        if (event.getButton() != MouseButton.PRIMARY) {
            return;
        }
        if (event.getClickCount() == 2) {
            model.reset();
            model.chosenStep().set(Double.NaN);
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
        boolean still = !Double.isNaN(pressedX) && event.isStillSincePress();
        boolean large = Math.abs(draggedX - pressedX) > 6 && Math.abs(draggedY - pressedY) > 6;
        if (large) {
            model.viewport()
                    .set(
                            new Viewport(
                                    stepAt(Math.min(pressedX, draggedX)),
                                    stepAt(Math.max(pressedX, draggedX)),
                                    valueAt(Math.max(pressedY, draggedY)),
                                    valueAt(Math.min(pressedY, draggedY))));
        } else if (still && painting != null && area.contains(event.getX(), event.getY())) {
            choose(stepAt(event.getX()));
        }
        pressedX = Double.NaN;
        pressedY = Double.NaN;
        draggedX = Double.NaN;
        draggedY = Double.NaN;
        point(event);
        paintOverlay();
    }

    private boolean countsSteps() {
        return model.figure().get().x().equals(XAxis.STEPS);
    }

    /// Chooses a step, or that of a mark close by; lets go of it where it is chosen already.
    private void choose(double step) {
        if (!countsSteps()) {
            return;
        }
        double x = xOf(step);
        double chosen =
                model.figure().get().marks().stream()
                        .map(Mark::step)
                        .filter(marked -> Math.abs(xOf(marked) - x) <= NEAR)
                        .min(Comparator.comparingDouble(marked -> Math.abs(xOf(marked) - x)))
                        .orElse((double) Math.round(step));
        boolean again = chosen == model.chosenStep().get();
        model.chosenStep().set(again ? Double.NaN : chosen);
    }

    private void press(KeyEvent event) {
        Painting current = painting;
        if (current == null || event.isShortcutDown()) {
            return;
        }
        switch (event.getCode()) {
            case LEFT -> moveCursor(event.isShiftDown() ? -10 : -1, current);
            case RIGHT -> moveCursor(event.isShiftDown() ? 10 : 1, current);
            case UP -> model.isolateNext(-1);
            case DOWN -> model.isolateNext(1);
            case PLUS, EQUALS, ADD -> zoom(0.8, cursorOrMiddle(current), current);
            case MINUS, SUBTRACT -> zoom(1.25, cursorOrMiddle(current), current);
            case DIGIT0, NUMPAD0 -> model.reset();
            case ENTER -> {
                if (Double.isNaN(model.cursorStep().get())) {
                    return;
                }
                choose(model.cursorStep().get());
            }
            default -> {
                return;
            }
        }
        event.consume();
    }

    /// Along an axis of any numbers a step is a hundredth of it.
    private void moveCursor(int by, Painting current) {
        Span steps = current.x().span();
        double grain = current.figure().x().grain();
        double low = grain > 0 ? Math.ceil(steps.low()) : steps.low();
        double high = grain > 0 ? Math.floor(steps.high()) : steps.high();
        double unit = grain > 0 ? grain : steps.length() / 100;
        double now = model.cursorStep().get();
        double from =
                !Double.isNaN(now)
                        ? now
                        : Double.isNaN(model.chosenStep().get())
                                ? steps.high()
                                : model.chosenStep().get();
        model.cursorStep().set(Math.clamp(from + by * unit, low, Math.max(low, high)));
    }

    private void zoomSteps(ScrollEvent event) {
        Painting current = painting;
        if (current == null || event.getDeltaY() == 0) {
            return;
        }
        zoom(event.getDeltaY() > 0 ? 0.8 : 1.25, stepAt(event.getX()), current);
        event.consume();
    }

    private double cursorOrMiddle(Painting current) {
        double cursor = model.cursorStep().get();
        return Double.isNaN(cursor) ? current.x().at(0.5) : cursor;
    }

    /// @param factor of the steps in view afterwards to those before
    private void zoom(double factor, double center, Painting current) {
        double low = center - (center - current.x().low()) * factor;
        double high = center + (current.x().high() - center) * factor;
        if (high - low >= 4 * model.figure().get().x().grain()) {
            model.viewport().set(new Viewport(low, high, Double.NaN, Double.NaN));
        }
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
}
