package dev.slimelab.app.chart;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;

import javafx.geometry.Pos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.shape.StrokeLineCap;

/// A curve's name behind a short stroke in its colour and dash, perhaps with a value.
final class CurveLabel extends HBox {
    private static final int WIDTH = 20;
    private static final int HEIGHT = 10;

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

    private static Canvas stroke(Figure.LegendEntry entry, Theme theme) {
        Canvas canvas = new Canvas(WIDTH, HEIGHT);
        GraphicsContext context = canvas.getGraphicsContext2D();
        context.setStroke(LineChartView.color(entry.hue().on(theme), 1));
        context.setLineWidth(2.2);
        context.setLineCap(StrokeLineCap.ROUND);
        switch (entry.dash()) {
            case SOLID -> context.setLineDashes();
            case DASHED -> context.setLineDashes(5, 4);
            case DOTTED -> context.setLineDashes(1, 4);
        }
        context.strokeLine(2, HEIGHT / 2.0, WIDTH - 2.0, HEIGHT / 2.0);
        return canvas;
    }
}
