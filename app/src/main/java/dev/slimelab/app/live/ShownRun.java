package dev.slimelab.app.live;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.HeatMap;
import dev.slimelab.app.chart.Mark;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
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
                new HeatMap(
                        journal.rejectedTokens(), JournalTail.LOWEST, JournalTail.BIN, delta()));
    }

    /// The edge of the stabiliser's region, as it was last edited; null where the objective has
    /// none.
    private HeatMap.@Nullable Line delta() {
        RunSpec spec = entry.spec();
        if (spec == null
                || !(spec.objective().stabiliser() instanceof Stabiliser.SoftplusPower softplus)) {
            return null;
        }
        double delta = softplus.delta();
        for (RunEvent event : journal.events()) {
            if (event instanceof RunEvent.Edited edited
                    && edited.path().equals("objective.stabiliser.delta")) {
                delta = edited.value();
            }
        }
        return new HeatMap.Line(-delta, "−δ = " + Numbers.shortest(-delta));
    }

    /// What happened to the run, for its charts.
    List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        for (RunEvent event : journal.events()) {
            Mark.Kind kind =
                    switch (event) {
                        case RunEvent.Alarm _ -> Mark.Kind.ALARM;
                        case RunEvent.Edited _, RunEvent.Forked _, RunEvent.Resumed _ ->
                                Mark.Kind.CHANGE;
                        case RunEvent.Cleared _, RunEvent.Refused _, RunEvent.Asked _ -> null;
                    };
            if (kind != null) {
                marks.add(new Mark(event.step(), kind, event.sentence()));
            }
        }
        return marks;
    }
}
