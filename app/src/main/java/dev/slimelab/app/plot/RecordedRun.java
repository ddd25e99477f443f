package dev.slimelab.app.plot;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;

/// What one run measured, read at once.
public record RecordedRun(String name, Map<String, Series> metrics) {
    public static RecordedRun read(RunDirectory run) {
        Map<String, Series.Column> columns = new LinkedHashMap<>();
        for (JsonNode line : new JsonLinesTail(run.metrics()).poll().lines()) {
            double step = line.path("step").asDouble(0);
            for (Map.Entry<String, JsonNode> metric : line.properties()) {
                if (metric.getValue().isNumber() && !metric.getKey().equals("step")) {
                    columns.computeIfAbsent(metric.getKey(), _ -> new Series.Column())
                            .add(step, metric.getValue().doubleValue());
                }
            }
        }
        Map<String, Series> metrics = new LinkedHashMap<>();
        columns.forEach((key, column) -> metrics.put(key, column.snapshot()));
        return new RecordedRun(run.name(), metrics);
    }

    /// NaN where it was not measured.
    public double first(String key) {
        return metrics.getOrDefault(key, Series.EMPTY).first();
    }

    /// NaN where it was not measured.
    public double last(String key) {
        return metrics.getOrDefault(key, Series.EMPTY).last();
    }

    public ChartSpec.RunCurves curves(int index) {
        return new ChartSpec.RunCurves(name, Hue.ofRun(index), metrics);
    }
}
