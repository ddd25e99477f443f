package dev.slimelab.app.compose;

import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.LineChartView;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// A term under the microscope: its loss and slope before the real values, and how much of them
/// each region holds.
final class MicroscopeView extends VBox {
    private final LineChartViewModel figure;
    private final VBox shares = new VBox();

    MicroscopeView(Figure start, ObservableValue<Theme> theme) {
        figure = new LineChartViewModel(start);
        LineChartView chart = new LineChartView(figure, LineChartView.LegendUse.ALWAYS, theme);
        chart.getStyleClass().addAll("small", "microscope");
        chart.setMouseTransparent(true);
        shares.getStyleClass().add("shares");
        getChildren().addAll(chart, shares);
    }

    /// @param values what is counted, such as `pairs`
    void show(LossMicroscope.Picture picture, String values) {
        figure.show(picture.figure());
        shares.getChildren()
                .setAll(picture.shares().stream().map(share -> line(share, values)).toList());
        shares.setManaged(!shares.getChildren().isEmpty());
    }

    private static Node line(Evidence.Share share, String values) {
        Label label = new Label(share.region().label());
        label.setMinWidth(0);
        HBox.setHgrow(label, Priority.ALWAYS);
        label.setMaxWidth(Double.MAX_VALUE);
        Label percent = new Label(Numbers.fixed(100 * share.share(), 1));
        percent.getStyleClass().add("share");
        percent.setMinWidth(Region.USE_PREF_SIZE);
        Label unit = new Label("%");
        unit.getStyleClass().add("unit");
        unit.setMinWidth(Region.USE_PREF_SIZE);
        Label count = new Label(Numbers.fixed((double) share.count(), 0));
        count.getStyleClass().addAll("share", "count");
        Label of = new Label(values);
        of.getStyleClass().add("unit");
        of.setMinWidth(Region.USE_PREF_SIZE);
        HBox line = new HBox(4, label, percent, unit, count, of);
        line.setAlignment(Pos.BASELINE_LEFT);
        return line;
    }
}
