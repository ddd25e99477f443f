package dev.slimelab.app.token;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Sheet;
import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;

/// What the shades of tokens mean: a bar with the numbers at its ends.
public final class ShadeScale extends HBox {
    private static final int WIDTH = 100;
    private static final int HEIGHT = 10;

    private final ObservableValue<Theme> theme;
    private final Sheet bar = new Sheet(1, this::paint);
    private final Label low = new Label();
    private final Label high = new Label();
    private final Tooltip words = new Tooltip();
    private @Nullable Legend shown;

    public ShadeScale(ObservableValue<Theme> theme) {
        super(6);
        this.theme = theme;
        setAlignment(Pos.CENTER_RIGHT);
        getStyleClass().add("legend-entry");
        low.setMinWidth(Region.USE_PREF_SIZE);
        high.setMinWidth(Region.USE_PREF_SIZE);
        bar.setMinSize(WIDTH, HEIGHT);
        bar.setMaxSize(WIDTH, HEIGHT);
        getChildren().addAll(low, bar, high);
        Tooltip.install(this, words);
        theme.subscribe(_ -> paint());
    }

    public void show(Legend legend) {
        shown = legend;
        paint();
    }

    private void paint() {
        Legend legend = shown;
        if (legend == null) {
            return;
        }
        double from = -legend.end();
        double to = legend.isSigned() ? legend.end() : 0;
        low.setText(Numbers.significant(from, 1));
        high.setText(
                (to > 0 ? "+" : "")
                        + Numbers.significant(to, 1)
                        + (legend.scale() == Legend.Scale.PUSH ? "" : " nat"));
        words.setText(legend.words());
        setAccessibleText(legend.words() + ", from " + low.getText() + " to " + high.getText());
        GraphicsContext context = bar.begin(0);
        for (int x = 0; x < WIDTH; x++) {
            double value = from + (to - from) * x / (WIDTH - 1);
            context.setFill(TokenCanvas.color(legend.shade(theme.getValue(), value)));
            context.fillRect(x, 0, 1, HEIGHT);
        }
    }
}
