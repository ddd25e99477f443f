package dev.slimelab.app.compare;

import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.Figure.Baseline;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.chart.XAxis;
import dev.slimelab.app.chart.XAxis.Order;
import dev.slimelab.app.library.RunFacts;
import dev.slimelab.app.library.Value;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Turns runs and a [Choice] into a figure. Not thread-safe: curves that were counted in something
/// else than steps are kept from one figure to the next, so that only those that grew are computed
/// again.
final class Comparison {
    private record Moved(Series source, Series clock, Series result) {}

    private Map<String, Moved> moved = new HashMap<>();

    Figure figure(List<ComparedRun> runs, Choice choice) {
        return switch (choice.form()) {
            case CURVES -> curves(runs, choice);
            case SCATTER -> scatter(runs, choice);
            case PARALLEL -> parallel(runs, choice);
        };
    }

    private Figure curves(List<ComparedRun> runs, Choice choice) {
        boolean grouped = !choice.group().equals(Groups.EACH);
        Smoothing smoothing = smoothing(choice.window());
        List<Curve> curves = grouped ? means(runs, choice, smoothing) : each(runs, choice);
        List<String> notes = new ArrayList<>();
        if (grouped) {
            notes.add("mean and 95 % confidence interval (Student’s t) of n runs each");
            if (choice.window() > 1) {
                notes.add(
                        "each run first smoothed by an exponential average of "
                                + choice.window()
                                + " measurements");
            }
        }
        notes.addAll(Units.warnings(runs, choice.metric()));
        return new Figure(
                choice.metric(),
                Along.axis(choice.along()),
                Units.of(choice.metric()),
                choice.metric().startsWith("logps_delta/") ? Baseline.ZERO : Baseline.NONE,
                grouped ? new Smoothing.None() : smoothing,
                String.join(" · ", notes),
                emptySentence(runs, choice.metric()),
                curves);
    }

    /// About as many measurements count.
    static Smoothing smoothing(int window) {
        return window <= 1
                ? new Smoothing.None()
                : new Smoothing.ExponentialAverage(1 - 1.0 / window);
    }

    private List<Curve> each(List<ComparedRun> runs, Choice choice) {
        List<Curve> curves = new ArrayList<>();
        Map<String, Moved> kept = new HashMap<>();
        for (ComparedRun run : runs) {
            Series series = run.metric(choice.metric());
            if (!series.isEmpty()) {
                Series placed = placed(run, series, choice.along(), kept);
                curves.add(
                        new Curve(run.name(), run.name(), run.hue(), Dash.SOLID, placed)
                                .growing(run.growing()));
            }
        }
        moved = kept;
        return curves;
    }

    private Series placed(ComparedRun run, Series series, String along, Map<String, Moved> kept) {
        if (along.equals(Along.STEP.key())) {
            return series;
        }
        String key = run.name() + '\n' + along;
        Series clock = run.metric(Along.metric(along));
        Moved known = moved.get(key);
        Moved now =
                known != null && known.source().sameAs(series) && known.clock().sameAs(clock)
                        ? known
                        : new Moved(series, clock, Along.moved(series, run, along));
        kept.put(key, now);
        return now.result();
    }

    private static List<Curve> means(List<ComparedRun> runs, Choice choice, Smoothing smoothing) {
        List<ComparedRun> measured =
                runs.stream().filter(run -> !run.metric(choice.metric()).isEmpty()).toList();
        List<Curve> curves = new ArrayList<>();
        Groups.of(measured, choice.group())
                .forEach(
                        (name, members) -> {
                            List<Series> lines =
                                    members.stream()
                                            .map(run -> line(run, choice, smoothing))
                                            .toList();
                            Mean mean = Mean.of(lines);
                            String label = name + " (n = " + members.size() + ")";
                            curves.add(
                                    new Curve(
                                            label,
                                            label,
                                            Hue.ofRun(curves.size()),
                                            Dash.SOLID,
                                            mean.line(),
                                            mean.band(),
                                            List.of(),
                                            false));
                        });
        return curves;
    }

    private static Series line(ComparedRun run, Choice choice, Smoothing smoothing) {
        Series raw = run.metric(choice.metric());
        return Along.moved(raw.withValues(smoothing.apply(raw)), run, choice.along());
    }

    private static Figure scatter(List<ComparedRun> runs, Choice choice) {
        List<ComparedRun> shown =
                runs.stream()
                        .filter(run -> run.fact(choice.metric()).isNumber())
                        .filter(run -> !run.fact(choice.along()).isNone())
                        .toList();
        boolean numeric = shown.stream().allMatch(run -> run.fact(choice.along()).isNumber());
        List<String> names =
                numeric
                        ? List.of()
                        : List.copyOf(
                                new TreeSet<>(
                                        shown.stream()
                                                .map(run -> run.fact(choice.along()).text())
                                                .toList()));
        List<Curve> points = new ArrayList<>();
        for (ComparedRun run : shown) {
            Value at = run.fact(choice.along());
            double x = numeric ? at.number() : names.indexOf(at.text());
            Series point =
                    Series.of(new double[] {x}, new double[] {run.fact(choice.metric()).number()});
            points.add(new Curve(run.name(), run.name(), run.hue(), Dash.SOLID, point));
        }
        return new Figure(
                "Last " + choice.metric(),
                numeric
                        ? XAxis.measured(
                                choice.along(), Groups.shortened(choice.along()), Order.POINTS)
                        : XAxis.named(choice.along(), names, Order.POINTS),
                Units.of(choice.metric()),
                Baseline.NONE,
                new Smoothing.None(),
                String.join(" · ", Units.warnings(runs, choice.metric())),
                "A point for each run appears here: choose a setting that the runs on show have"
                        + " and a metric that they measured.",
                points);
    }

    private static Figure parallel(List<ComparedRun> runs, Choice choice) {
        List<RunFacts> facts = runs.stream().map(ComparedRun::facts).toList();
        List<ComparedRun> shown =
                runs.stream().filter(run -> run.fact(choice.metric()).isNumber()).toList();
        List<String> keys = new ArrayList<>(RunFacts.telling(facts));
        keys.addFirst(Groups.OBJECTIVE);
        keys.add(choice.metric());
        Map<String, ParallelAxis> axes = new LinkedHashMap<>();
        keys.forEach(
                key ->
                        axes.put(
                                key,
                                ParallelAxis.of(shown.stream().map(r -> r.fact(key)).toList())));
        List<Curve> lines = new ArrayList<>();
        for (ComparedRun run : shown) {
            double[] xs = new double[keys.size()];
            double[] shares = new double[keys.size()];
            Arrays.setAll(xs, i -> i);
            Arrays.setAll(
                    shares,
                    i -> {
                        String key = keys.get(i);
                        ParallelAxis axis = axes.get(key);
                        return axis == null ? 0.5 : axis.share(run.fact(key));
                    });
            List<String> readings = keys.stream().map(key -> reading(run.fact(key))).toList();
            lines.add(
                    new Curve(
                            run.name(),
                            run.name(),
                            run.hue(),
                            Dash.SOLID,
                            Series.of(xs, shares),
                            null,
                            readings,
                            false));
        }
        List<String> names = keys.stream().map(Groups::shortened).toList();
        return new Figure(
                "Settings and last " + choice.metric(),
                XAxis.named("settings that differ, and what came out", names, Order.ASCENDING),
                "place within each axis’ range, lowest 0, highest 1",
                Baseline.NONE,
                new Smoothing.None(),
                "point at an axis to read the values",
                "A line for each run appears here when the runs on show differ in a setting and"
                        + " measured the metric.",
                lines);
    }

    private static String reading(Value value) {
        return value.isNone() ? Numbers.NOTHING : value.text();
    }

    private static String emptySentence(List<ComparedRun> runs, String metric) {
        return runs.isEmpty()
                ? "Choose runs in the table below or in the list on the left: their curves appear"
                        + " here."
                : "None of the runs on show measured " + metric + ".";
    }
}
