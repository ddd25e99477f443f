package dev.slimelab.app.chart;

import dev.slimelab.app.look.Shades;
import dev.slimelab.app.look.Sheet;
import dev.slimelab.app.look.Theme;

import javafx.geometry.Pos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;

/// What the colours of a [HeatMap] mean: a bar from a few to all, with its numbers.
final class HeatScale extends HBox {
    static final int WIDTH = 90;
    static final int HEIGHT = 10;
    static final String LOW = "0.1\u202f%";
    static final String HIGH = "100\u202f% of tokens";

    private final Theme theme;
    private final Sheet bar = new Sheet(1, this::paint);

    HeatScale(Theme theme) {
        super(6);
        this.theme = theme;
        setAlignment(Pos.CENTER_LEFT);
        getStyleClass().add("legend-entry");
        bar.setMinSize(WIDTH, HEIGHT);
        bar.setMaxSize(WIDTH, HEIGHT);
        getChildren().addAll(new Label(LOW), bar, new Label(HIGH));
    }

    private void paint() {
        GraphicsContext context = bar.begin(0);
        for (int x = 0; x < WIDTH; x++) {
            context.setFill(LineChartView.color(Shades.amount(theme, x / (WIDTH - 1.0)), 1));
            context.fillRect(x, 0, 1, HEIGHT);
        }
    }
}
