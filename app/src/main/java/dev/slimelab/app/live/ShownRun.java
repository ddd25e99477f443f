package dev.slimelab.app.live;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.run.RunStatus;

import java.util.Map;

/// A run on the charts: how it stands, its colour, and what it has written so far.
///
/// @param journal empty where several runs are shown
public record ShownRun(RunEntry entry, Hue hue, Map<String, Series> metrics, Journal journal) {
    /// The smoothing of every headline number: the one of the charts, so that a number is its
    /// curve's end.
    private static final Smoothing SMOOTHING = new Smoothing.ExponentialAverage(0.9);

    public ShownRun(RunEntry entry, Hue hue, Map<String, Series> metrics) {
        this(entry, hue, metrics, Journal.EMPTY);
    }

    public Series metric(String key) {
        return metrics.getOrDefault(key, Series.EMPTY);
    }

    /// Steps done. Metrics come with every step, a status only every few seconds.
    double step() {
        RunStatus status = entry.status();
        double last = metric("loss").lastStep();
        double said = status == null ? 0 : status.step();
        return Double.isNaN(last) ? said : Math.max(said, last);
    }

    /// The last value of a metric; NaN where there is none.
    public double last(String key) {
        return metric(key).last();
    }

    /// How far a metric has come since its first value; NaN before the second.
    public double change(String key) {
        Series series = metric(key);
        return series.size() < 2 ? Double.NaN : series.last() - series.first();
    }

    /// The end of a metric's smoothed curve.
    double smoothed(String key) {
        double[] line = SMOOTHING.apply(metric(key));
        return line.length == 0 ? Double.NaN : line[line.length - 1];
    }

    /// How far a metric's smoothed curve has come since step 0.
    double smoothedChange(String key) {
        return smoothed(key) - metric(key).first();
    }

    public ChartSpec.RunCurves curves() {
        return new ChartSpec.RunCurves(
                entry.name(),
                hue,
                metrics,
                journal.distribution(entry.spec()),
                entry.phase().isAlive());
    }
}
