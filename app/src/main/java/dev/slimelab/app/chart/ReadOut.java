package dev.slimelab.app.chart;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;

import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What a chart shows at the pointer: the values of all curves, or what lies in the histogram, and
/// what happened there.
final class ReadOut extends VBox {
    /// Of words; curves may need more columns.
    private static final double WIDEST = 300;

    private static final double LINE = 17;

    private final Label step = new Label();
    private final FlowPane lines = new FlowPane(Orientation.VERTICAL, 16, 0);
    private final List<CurveLabel> labels = new ArrayList<>();
    private List<Figure.LegendEntry> named = List.of();
    private @Nullable Theme namedOn;
    private List<Mark> marked = List.of();
    private List<Label> words = List.of();

    ReadOut() {
        getStyleClass().add("read-out");
        step.getStyleClass().add("read-out-step");
        setMouseTransparent(true);
        setVisible(false);
        setPadding(new Insets(6, 10, 6, 10));
        setAlignment(Pos.TOP_LEFT);
    }

    /// The curves that have something to read at a position, in as many columns as the plot's
    /// height asks for.
    ///
    /// @param read the value of a curve there; NaN for none
    void show(
            double at,
            ChartPainter.Painting current,
            ToDoubleFunction<PreparedCurve> read,
            List<Mark> marks,
            Theme theme) {
        List<PreparedCurve> curves =
                current.curves().stream()
                        .filter(curve -> !Double.isNaN(read.applyAsDouble(curve)))
                        .toList();
        name(
                curves.stream()
                        .map(PreparedCurve::curve)
                        .map(
                                curve ->
                                        new Figure.LegendEntry(
                                                curve.label(), curve.hue(), curve.dash()))
                        .toList(),
                theme);
        for (int i = 0; i < curves.size(); i++) {
            List<String> readings = curves.get(i).curve().readings();
            int place = curves.get(i).line().indexAt(at);
            if (readings.isEmpty() || place < 0) {
                labels.get(i).show(read.applyAsDouble(curves.get(i)));
            } else {
                labels.get(i).show(readings.get(place));
            }
        }
        show(current.figure().x().words(at), curves.isEmpty() ? List.of() : List.of(lines), marks);
    }

    /// The labels are made again only where other curves are read.
    private void name(List<Figure.LegendEntry> entries, Theme theme) {
        if (!entries.equals(named) || theme != namedOn) {
            named = entries;
            namedOn = theme;
            labels.clear();
            entries.forEach(entry -> labels.add(new CurveLabel(entry, theme, 0)));
            lines.getChildren().setAll(labels);
        }
    }

    /// @param value what is pointed at; NaN where nothing is
    void show(double at, HeatMap map, double value, List<Mark> marks) {
        int column = map.columnAt(at);
        HeatMap.Line line = map.line();
        Label where = new Label("median " + Numbers.fixed(map.median(column), 2));
        Label below =
                new Label(
                        line == null
                                ? ""
                                : percent(map.shareBelow(column, line.value()))
                                        + " below "
                                        + line.name());
        int bin = map.bin(value);
        double low = map.low() + bin * map.width();
        Label here =
                new Label(
                        bin < 0
                                ? ""
                                : percent(map.share(column, bin))
                                        + " between "
                                        + Numbers.fixed(low, 1)
                                        + " and "
                                        + Numbers.fixed(low + map.width(), 1));
        show(
                XAxis.STEPS.words(map.columns().get(column).step()),
                List.of(where, below, here).stream()
                        .filter(label -> !label.getText().isEmpty())
                        .toList(),
                marks);
    }

    /// What is shown already stays where it is: a node that is put back is styled anew.
    private void show(String where, List<? extends Node> what, List<Mark> marks) {
        step.setText(where);
        if (!marks.equals(marked)) {
            marked = List.copyOf(marks);
            words = marks.stream().map(ReadOut::words).toList();
        }
        List<Node> shown = new ArrayList<>();
        shown.add(step);
        shown.addAll(what);
        shown.addAll(words);
        if (!getChildren().equals(shown)) {
            getChildren().setAll(shown);
        }
        setVisible(shown.size() > 1);
    }

    private static Label words(Mark mark) {
        Label words = new Label(mark.words());
        words.setWrapText(true);
        words.setMaxWidth(WIDEST);
        words.getStyleClass().add("read-out-mark");
        return words;
    }

    private static String percent(double share) {
        return Numbers.fixed(share * 100, 1) + Numbers.NARROW_SPACE + "%";
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
