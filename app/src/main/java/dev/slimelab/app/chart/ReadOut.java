package dev.slimelab.app.chart;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

import java.awt.geom.Rectangle2D;
import java.util.List;

/// What a chart shows at the pointer: the values of all curves, or what lies in the histogram, and
/// what happened there.
final class ReadOut extends VBox {
    private static final double WIDEST = 300;

    private final Label step = new Label();

    ReadOut() {
        getStyleClass().add("read-out");
        step.getStyleClass().add("read-out-step");
        setMouseTransparent(true);
        setVisible(false);
        setPadding(new Insets(6, 10, 6, 10));
        setAlignment(Pos.TOP_LEFT);
        setMaxWidth(WIDEST);
    }

    /// The curves that are known at a step.
    void show(double at, List<PreparedCurve> curves, List<Mark> marks, Theme theme) {
        List<? extends Node> lines =
                curves.stream()
                        .filter(curve -> !Double.isNaN(curve.at(at)))
                        .map(curve -> line(curve, at, theme))
                        .toList();
        show(at, lines, marks);
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
                map.columns().get(column).step(),
                List.of(where, below, here).stream()
                        .filter(label -> !label.getText().isEmpty())
                        .toList(),
                marks);
    }

    private void show(double at, List<? extends Node> lines, List<Mark> marks) {
        step.setText("step " + Numbers.fixed(at, 0));
        getChildren().setAll(step);
        getChildren().addAll(lines);
        for (Mark mark : marks) {
            Label words = new Label(mark.words());
            words.setWrapText(true);
            words.getStyleClass().add("read-out-mark");
            getChildren().add(words);
        }
        setVisible(getChildren().size() > 1);
    }

    private static String percent(double share) {
        return Numbers.fixed(share * 100, 1) + Numbers.NARROW_SPACE + "%";
    }

    private static CurveLabel line(PreparedCurve prepared, double at, Theme theme) {
        Curve curve = prepared.curve();
        return new CurveLabel(
                new Figure.LegendEntry(curve.label(), curve.hue(), curve.dash()),
                theme,
                prepared.at(at));
    }

    void place(double x, Rectangle2D inside) {
        double width = Math.min(WIDEST, prefWidth(-1));
        resize(width, prefHeight(width));
        double right = x + 14;
        relocate(right + width <= inside.getMaxX() ? right : x - 14 - width, inside.getMinY() + 6);
    }
}
