package dev.slimelab.app.chart;

import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure.Baseline;
import dev.slimelab.app.look.Hue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The charts there are. To add one, add a line here.
///
/// Comparisons across runs use `logps_mean` and `logps_delta` only: `logps` is a sum for DPO and a
/// mean for SLIME and SimPO, and `rewards` differ likewise.
@SuppressWarnings(
        "ImmutableEnumChecker") // the list is unmodifiable and smoothings are records of numbers
public enum ChartSpec {
    LIKELIHOOD(
            "Log-likelihood of chosen and rejected answers",
            "log-likelihood, nat per token",
            Baseline.FIRST_VALUE,
            new Smoothing.ExponentialAverage(0.9),
            "training batches",
            "The likelihoods appear here with the first training step.",
            new Line("logps_mean/chosen", "chosen", Hue.CHOSEN, Dash.SOLID),
            new Line("logps_mean/rejected", "rejected", Hue.REJECTED, Dash.DASHED)),
    DISPLACEMENT(
            "Change of log-likelihood since step 0",
            "Δ log-likelihood, nat per token",
            Baseline.ZERO,
            new Smoothing.None(),
            "the same held-out pairs at every point",
            "The change appears here when the fixed held-out pairs are measured a second time.",
            new Line("logps_delta/chosen", "chosen", Hue.CHOSEN, Dash.SOLID),
            new Line("logps_delta/rejected", "rejected", Hue.REJECTED, Dash.DASHED)),
    MARGIN(
            "Margin",
            "chosen − rejected, nat per token",
            Baseline.FIRST_VALUE,
            new Smoothing.ExponentialAverage(0.9),
            "",
            "The margin appears here with the first training step.",
            new Line("logps_mean/margin", "margin", Hue.GREEN, Dash.SOLID)),
    LOSS(
            "Loss terms",
            "loss, weighted",
            Baseline.NONE,
            new Smoothing.ExponentialAverage(0.9),
            "",
            "The loss and its terms appear here with the first training step.",
            new Line("loss", "loss", Hue.INDIGO, Dash.SOLID),
            new Line("loss/*", "", Hue.GREEN, Dash.SOLID)),
    SCORE(
            "Answer score",
            "score, 0 to 10",
            Baseline.FIRST_VALUE,
            new Smoothing.None(),
            "sampled: temperature 1",
            "Scores appear here when the first answers have been generated.",
            new Line("score/greedy", "greedy", Hue.BLUE, Dash.SOLID),
            new Line("score/sampled", "sampled", Hue.VERMILION, Dash.DASHED));

    /// A metric of this chart. A key that ends in `*` stands for all metrics that begin with it.
    private record Line(String key, String label, Hue hue, Dash dash) {
        boolean isFamily() {
            return key.endsWith("*");
        }

        String prefix() {
            return key.substring(0, key.length() - 1);
        }
    }

    /// The measurements of one run, by metric name, and the colour the run has everywhere.
    public record RunCurves(String name, Hue hue, Map<String, Series> metrics) {
        public RunCurves {
            metrics = Map.copyOf(metrics);
        }

        Series metric(String key) {
            return metrics.getOrDefault(key, Series.EMPTY);
        }
    }

    private final String title;
    private final String yLabel;
    private final Baseline baseline;
    private final Smoothing smoothing;
    private final String note;
    private final String emptySentence;
    private final List<Line> lines;

    ChartSpec(
            String title,
            String yLabel,
            Baseline baseline,
            Smoothing smoothing,
            String note,
            String emptySentence,
            Line... lines) {
        this.title = title;
        this.yLabel = yLabel;
        this.baseline = baseline;
        this.smoothing = smoothing;
        this.note = note;
        this.emptySentence = emptySentence;
        this.lines = List.of(lines);
    }

    public String title() {
        return title;
    }

    /// The picture of these runs. One run is drawn in the colours of its metrics; several in one
    /// hue each, told apart within a run by dashes.
    public Figure figure(List<RunCurves> runs) {
        List<Curve> curves = new ArrayList<>();
        for (RunCurves run : runs) {
            for (Line line : lines) {
                if (line.isFamily()) {
                    addFamily(curves, run, line, runs.size());
                } else {
                    add(curves, run, line, runs.size());
                }
            }
        }
        return new Figure(
                title,
                XAxis.STEPS,
                yLabel,
                baseline,
                smoothing,
                note(curves),
                emptySentence,
                curves);
    }

    /// What is special about the numbers, and, where a run has several lines, which is which.
    private String note(List<Curve> curves) {
        boolean comparison = curves.stream().map(Curve::group).distinct().count() > 1;
        if (!comparison || lines.size() < 2 || lines.getLast().isFamily()) {
            return note;
        }
        String dashes =
                lines.stream()
                        .map(line -> line.dash().word() + ": " + line.label())
                        .collect(Collectors.joining(", "));
        return note.isEmpty() ? dashes : dashes + " · " + note;
    }

    private void addFamily(List<Curve> curves, RunCurves run, Line family, int runs) {
        if (runs > 1) {
            return; // a term of one objective has no counterpart in another
        }
        int hue = 2;
        for (String key : run.metrics().keySet().stream().sorted().toList()) {
            if (key.startsWith(family.prefix())) {
                String label = key.substring(family.prefix().length());
                add(curves, run, new Line(key, label, Hue.ofRun(hue++), Dash.DASHED), runs);
            }
        }
    }

    private void add(List<Curve> curves, RunCurves run, Line line, int runs) {
        Series series = run.metric(line.key());
        if (series.isEmpty()) {
            return;
        }
        if (runs == 1) {
            curves.add(new Curve(run.name(), line.label(), line.hue(), line.dash(), series));
        } else {
            String label = lines.size() == 1 ? run.name() : run.name() + " · " + line.label();
            curves.add(new Curve(run.name(), label, run.hue(), line.dash(), series));
        }
    }
}
