package dev.slimelab.app.compare;

import dev.slimelab.app.chart.Series;
import dev.slimelab.app.library.RunFacts;
import dev.slimelab.app.library.Value;
import dev.slimelab.app.live.ShownRun;
import dev.slimelab.app.look.Hue;

import java.util.Map;

/// A run as comparisons see it: what it was asked for and what it measured.
///
/// @param growing whether it may measure more
public record ComparedRun(
        String name, Hue hue, RunFacts facts, Map<String, Series> metrics, boolean growing) {
    public static ComparedRun of(ShownRun run) {
        return new ComparedRun(
                run.entry().name(),
                run.hue(),
                run.entry().facts(),
                run.metrics(),
                run.entry().phase().isAlive());
    }

    Series metric(String key) {
        return metrics.getOrDefault(key, Series.EMPTY);
    }

    Value setting(String path) {
        return facts.settings().getOrDefault(path, Value.NONE);
    }

    /// A setting, or what a metric came to.
    Value fact(String key) {
        Value setting = facts.settings().get(key);
        if (setting != null) {
            return setting;
        }
        if (key.equals(Groups.OBJECTIVE)) {
            return Value.of(facts.objective());
        }
        double last = metric(key).last();
        return Double.isNaN(last) ? Value.NONE : Value.of(last);
    }
}
