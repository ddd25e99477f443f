package dev.slimelab.app.chart;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.shape.Line;
import javafx.scene.shape.StrokeLineCap;

/// A curve's name behind a short stroke in its colour and dash, perhaps with a value.
final class CurveLabel extends HBox {
    private static final int LENGTH = 16;

    private final Label number = new Label();

    CurveLabel(Figure.LegendEntry entry, Theme theme) {
        super(6);
        setAlignment(Pos.CENTER_LEFT);
        getStyleClass().add("legend-entry");
        getChildren().addAll(stroke(entry, theme), new Label(entry.label()));
    }

    CurveLabel(Figure.LegendEntry entry, Theme theme, double value) {
        this(entry, theme);
        show(value);
        number.getStyleClass().add("number");
        Region gap = new Region();
        gap.setMinWidth(8);
        HBox.setHgrow(gap, Priority.ALWAYS);
        getChildren().addAll(gap, number);
    }

    void show(String words) {
        number.setText(words);
    }

    void show(double value) {
        boolean small = value != 0 && Math.abs(value) < 0.1;
        number.setText(small ? Numbers.significant(value, 3) : Numbers.reading(value));
    }

    private static Line stroke(Figure.LegendEntry entry, Theme theme) {
        Line line = new Line(0, 0, LENGTH, 0);
        line.setStroke(LineChartView.color(entry.hue().on(theme), 1));
        line.setStrokeWidth(2.2);
        line.setStrokeLineCap(StrokeLineCap.ROUND);
        switch (entry.dash()) {
            case SOLID -> line.getStrokeDashArray().clear();
            case DASHED -> line.getStrokeDashArray().setAll(5.0, 4.0);
            case DOTTED -> line.getStrokeDashArray().setAll(1.0, 4.0);
        }
        return line;
    }
}
