package dev.slimelab.app.compare;

import dev.slimelab.app.chart.LineChartView;
import dev.slimelab.app.chart.LineChartView.LegendUse;
import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// The page of comparisons: what to draw, and the overlay.
public final class CompareView extends VBox {
    public CompareView(CompareViewModel model, ObservableValue<Theme> theme) {
        getStyleClass().add("compare");
        ComboBox<String> metric = new ComboBox<>(model.metrics());
        metric.setId("metric");
        metric.setAccessibleText("Metric");
        metric.valueProperty().bindBidirectional(model.metric());
        Label label = new Label("Metric");
        label.setLabelFor(metric);
        HBox controls = new HBox(8, label, metric);
        controls.setAlignment(Pos.CENTER_LEFT);
        LineChartView chart = new LineChartView(model.chart(), LegendUse.ALWAYS, theme);
        chart.setId("overlay");
        VBox.setVgrow(chart, Priority.ALWAYS);
        getChildren().addAll(controls, chart);
    }
}
