package dev.slimelab.app.plot;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.live.Journal;
import dev.slimelab.app.live.JournalTail;
import dev.slimelab.app.live.MetricsTail;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.util.Map;

/// What one run measured and what happened to it, read at once.
///
/// @param spec null where there is none
public record RecordedRun(
        String name, Map<String, Series> metrics, Journal journal, @Nullable RunSpec spec) {
    public static RecordedRun read(RunDirectory run) {
        MetricsTail metrics = new MetricsTail(run.metrics());
        metrics.poll();
        JournalTail journal = new JournalTail(run);
        journal.poll();
        RunSpec spec = Files.exists(run.spec()) ? run.readSpec() : null;
        return new RecordedRun(run.name(), metrics.series(), journal.journal(), spec);
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
        return new ChartSpec.RunCurves(
                name, Hue.ofRun(index), metrics, journal.distribution(spec), false);
    }
}
