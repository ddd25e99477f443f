package dev.slimelab.app.plot;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.live.MetricsTail;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.run.RunDirectory;

import java.util.Map;

/// What one run measured, read at once.
public record RecordedRun(String name, Map<String, Series> metrics) {
    public static RecordedRun read(RunDirectory run) {
        MetricsTail metrics = new MetricsTail(run.metrics());
        metrics.poll();
        return new RecordedRun(run.name(), metrics.series());
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
