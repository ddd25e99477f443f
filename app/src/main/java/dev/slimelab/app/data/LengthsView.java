package dev.slimelab.app.data;

import dev.slimelab.app.data.Account.Bucket;
import dev.slimelab.app.data.Account.Lengths;
import dev.slimelab.app.look.Numbers;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// How long one side is, in tokens: a bar for each bucket, and the numbers that matter in words.
final class LengthsView extends VBox {
    private static final double HEIGHT = 72;

    /// @param hue style class of the bars' colour
    LengthsView(String side, Lengths lengths, String hue) {
        super(4);
        getStyleClass().addAll("card", "lengths", hue);
        Label title = new Label(side);
        title.getStyleClass().add("chart-title");
        Label unit = new Label("tokens");
        unit.getStyleClass().add("chart-unit");
        HBox head = new HBox(6, title, unit);
        head.setAlignment(Pos.BASELINE_LEFT);
        HBox bars = new HBox(2);
        bars.setAlignment(Pos.BOTTOM_LEFT);
        bars.setMinHeight(HEIGHT);
        bars.setPrefHeight(HEIGHT);
        int most = lengths.histogram().stream().mapToInt(Bucket::rows).max().orElse(1);
        lengths.histogram().forEach(bucket -> bars.getChildren().add(bar(bucket, most)));
        HBox axis = new HBox(new Label("0"), gap(), new Label(end(lengths)));
        axis.getStyleClass().add("lengths-axis");
        Label words =
                new Label(
                        "median %s, 95 %% up to %s, longest %s"
                                .formatted(
                                        Numbers.fixed(lengths.median(), 0),
                                        Numbers.fixed(lengths.p95(), 0),
                                        Numbers.fixed(lengths.longest(), 0)));
        words.getStyleClass().add("chart-caption");
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        getChildren().addAll(head, bars, axis, words);
        setAccessibleText(side + " lengths: " + words.getText());
        HBox.setHgrow(this, Priority.ALWAYS);
        setPrefWidth(220); // what its words need in one line
    }

    private static String end(Lengths lengths) {
        return lengths.histogram().isEmpty()
                ? ""
                : Numbers.fixed(lengths.histogram().getLast().to(), 0);
    }

    private static Region bar(Bucket bucket, int most) {
        Region bar = new Region();
        bar.getStyleClass().add("lengths-bar");
        double height = bucket.rows() == 0 ? 0 : Math.max(1, HEIGHT * bucket.rows() / most);
        bar.setMinHeight(height);
        bar.setMaxHeight(height);
        bar.setPrefWidth(10);
        HBox.setHgrow(bar, Priority.ALWAYS);
        Tooltip.install(
                bar,
                new Tooltip(
                        "%s to %s tokens: %s rows"
                                .formatted(
                                        Numbers.fixed(bucket.from(), 0),
                                        Numbers.fixed(bucket.to() - 1, 0),
                                        Numbers.fixed(bucket.rows(), 0))));
        return bar;
    }

    private static Region gap() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return gap;
    }
}
