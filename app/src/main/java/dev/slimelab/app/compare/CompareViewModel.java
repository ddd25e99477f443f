package dev.slimelab.app.compare;

import dev.slimelab.app.chart.ChartSpec.RunCurves;
import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.Figure.Baseline;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.chart.XAxis;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.List;
import java.util.TreeSet;

/// The overlay of one metric over all runs on show.
public final class CompareViewModel {
    /// What a comparison starts with: comparable across objectives, on the same held-out pairs.
    static final String FIRST_METRIC = "logps_delta/chosen";

    private final ObservableList<String> metrics = FXCollections.observableArrayList(FIRST_METRIC);
    private final ObjectProperty<String> metric = new SimpleObjectProperty<>(FIRST_METRIC);
    private final LineChartViewModel chart =
            new LineChartViewModel(figure(FIRST_METRIC, List.of()));
    private List<RunCurves> runs = List.of();

    public CompareViewModel() {
        metric.subscribe(_ -> refresh());
    }

    /// What any of the runs on show measured, by name.
    public ObservableList<String> metrics() {
        return metrics;
    }

    /// What is drawn.
    public ObjectProperty<String> metric() {
        return metric;
    }

    public LineChartViewModel chart() {
        return chart;
    }

    /// Takes the runs on show with what they have measured so far.
    public void show(List<RunCurves> next) {
        runs = next;
        TreeSet<String> names = new TreeSet<>(List.of(FIRST_METRIC, metric.get()));
        next.forEach(run -> names.addAll(run.metrics().keySet()));
        if (!List.copyOf(names).equals(metrics)) {
            metrics.setAll(names);
        }
        refresh();
    }

    private void refresh() {
        chart.show(figure(metric.get(), runs));
    }

    private static Figure figure(String metric, List<RunCurves> runs) {
        List<Curve> curves =
                runs.stream()
                        .filter(run -> run.metrics().containsKey(metric))
                        .map(
                                run ->
                                        new Curve(
                                                run.name(),
                                                run.name(),
                                                run.hue(),
                                                Dash.SOLID,
                                                run.metrics().getOrDefault(metric, Series.EMPTY)))
                        .toList();
        return new Figure(
                metric,
                XAxis.STEPS,
                "",
                Baseline.NONE,
                new Smoothing.ExponentialAverage(0.9),
                "",
                "Choose runs in the list on the left; what they measured as "
                        + metric
                        + " appears here.",
                curves);
    }
}
