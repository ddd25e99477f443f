package dev.slimelab.app.live;

import dev.slimelab.app.chart.Series;
import dev.slimelab.engine.run.JsonLinesTail;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads a growing `metrics.jsonl` into one series per metric. Not thread-safe.
///
/// A key that a line lacks was not measured at that step. A file that shrank, because its run was
/// resumed from an earlier checkpoint, is read again from its beginning.
public final class MetricsTail {
    private final JsonLinesTail file;
    private final Map<String, Series.Column> columns = new LinkedHashMap<>();
    private Map<String, Series> series = Map.of();

    public MetricsTail(Path file) {
        this.file = new JsonLinesTail(file);
    }

    /// Takes what has been written since the last call; returns whether anything changed.
    public boolean poll() {
        JsonLinesTail.Lines news = file.poll();
        if (news.restarted()) {
            columns.clear();
        } else if (news.lines().isEmpty()) {
            return false;
        }
        news.lines().forEach(this::add);
        Map<String, Series> snapshot = new LinkedHashMap<>();
        columns.forEach((key, column) -> snapshot.put(key, column.snapshot()));
        series = snapshot;
        return true;
    }

    /// All there was at the last poll, by metric name.
    public Map<String, Series> series() {
        return series;
    }

    private void add(JsonNode line) {
        JsonNode step = line.path("step");
        if (!step.isNumber()) {
            return;
        }
        for (Map.Entry<String, JsonNode> metric : line.properties()) {
            if (metric.getValue().isNumber() && !metric.getKey().equals("step")) {
                columns.computeIfAbsent(metric.getKey(), _ -> new Series.Column())
                        .add(step.doubleValue(), metric.getValue().doubleValue());
            }
        }
    }
}
