package dev.slimelab.app.chart;

import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure.Baseline;
import dev.slimelab.app.look.Hue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
    ACCURACY(
            "Pairs ranked right",
            "accuracy, share of a batch",
            Baseline.NONE,
            new Smoothing.ExponentialAverage(0.9),
            "",
            "The share of pairs that are ranked right appears here with the first training step.",
            new Line("rewards/accuracies", "accuracy", Hue.FOREST, Dash.SOLID)),
    LOSS(
            Drawing.AREAS,
            "Loss terms",
            "loss, weighted",
            new Smoothing.ExponentialAverage(0.9),
            "",
            "The loss and its terms appear here with the first training step.",
            new Line("loss", "loss", Hue.INDIGO, Dash.SOLID),
            new Line("loss/*", "", Hue.GREEN, Dash.SOLID)),
    GRADIENT_SHARE(
            Drawing.AREAS,
            "Share of the gradient",
            "of Σ|∂L/∂logp|, by term",
            new Smoothing.ExponentialAverage(0.9),
            "",
            "Each term's share of the gradient appears here with the first training step.",
            new Line("gradient_share/*", "", Hue.GREEN, Dash.SOLID)),
    TOKEN_LOGPROBS(
            Drawing.HEAT,
            "Rejected tokens",
            "log-prob, nat per token",
            new Smoothing.None(),
            "shares of the tokens, on a logarithmic scale of colours",
            "Where the rejected tokens' log-probs lie appears here with the first evaluation."),
    DUAL_MARGIN(
            Drawing.AREAS,
            "Dual-margin states",
            "pairs, share of a batch",
            new Smoothing.ExponentialAverage(0.9),
            "",
            "Where pairs stand between the margins appears here with the first training step.",
            new Line("slime/state_below_ms", "below soft", Hue.VERMILION, Dash.SOLID),
            new Line("slime/state_between", "between", Hue.ORANGE, Dash.SOLID),
            new Line("slime/state_beyond_mh", "beyond hard", Hue.BLUE, Dash.SOLID)),
    ENTROPY(
            "Entropy",
            "of the next token, nat",
            Baseline.FIRST_VALUE,
            new Smoothing.ExponentialAverage(0.9),
            "training batches",
            "The entropy appears here with the first training step.",
            new Line("entropy/chosen", "chosen", Hue.CHOSEN, Dash.SOLID),
            new Line("entropy/rejected", "rejected", Hue.REJECTED, Dash.DASHED)),
    TOP_MASS(
            "Top-10 mass",
            "of the ten likeliest tokens, share",
            Baseline.FIRST_VALUE,
            new Smoothing.ExponentialAverage(0.9),
            "chosen tokens of the training batches",
            "The probability of the ten likeliest tokens appears here with the first step.",
            new Line("mass_top10", "top-10 mass", Hue.TEAL, Dash.SOLID)),
    GRADIENT_NORM(
            "Gradient norm",
            "before clipping, L2",
            Baseline.NONE,
            new Smoothing.ExponentialAverage(0.9),
            "",
            "The norm of the gradient appears here with the first training step.",
            new Line("grad_norm", "gradient norm", Hue.WINE, Dash.SOLID)),
    LEARNING_RATE(
            "Learning rate",
            "of each step, 1",
            Baseline.NONE,
            new Smoothing.None(),
            "",
            "The learning rate appears here with the first training step.",
            new Line("learning_rate", "learning rate", Hue.OLIVE, Dash.SOLID)),
    THROUGHPUT(
            "Throughput",
            "tokens trained on, per second",
            Baseline.NONE,
            new Smoothing.ExponentialAverage(0.9),
            "",
            "The throughput appears here with the first training step.",
            new Line("tokens_per_second", "tokens/s", Hue.SKY, Dash.SOLID)),
    MEMORY(
            "Memory",
            "resident in the engine, bytes",
            Baseline.NONE,
            new Smoothing.None(),
            "",
            "The engine's memory appears here with the first training step, on Linux.",
            new Line("memory_bytes", "memory", Hue.PURPLE, Dash.SOLID)),
    SCORE(
            "Answer score",
            "score, 0 to 10",
            Baseline.FIRST_VALUE,
            new Smoothing.None(),
            "sampled: temperature 1",
            "Scores appear here when the first answers have been generated.",
            new Line("score/greedy", "greedy", Hue.BLUE, Dash.SOLID),
            new Line("score/sampled", "sampled", Hue.VERMILION, Dash.DASHED));

    /// How a chart draws its metrics.
    private enum Drawing {
        LINES,
        /// Areas upon one another, where no value is negative; else lines.
        AREAS,
        /// The histogram of the run's rejected tokens.
        HEAT
    }

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
    ///
    /// @param rejectedTokens how their log-probs are distributed, null where nobody looked
    /// @param growing whether the run may measure more
    public record RunCurves(
            String name,
            Hue hue,
            Map<String, Series> metrics,
            @Nullable HeatMap rejectedTokens,
            boolean growing) {
        public RunCurves {
            metrics = Map.copyOf(metrics);
        }

        public RunCurves(String name, Hue hue, Map<String, Series> metrics) {
            this(name, hue, metrics, null, false);
        }

        Series metric(String key) {
            return metrics.getOrDefault(key, Series.EMPTY);
        }
    }

    private final Drawing drawing;
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
        this.drawing = Drawing.LINES;
        this.title = title;
        this.yLabel = yLabel;
        this.baseline = baseline;
        this.smoothing = smoothing;
        this.note = note;
        this.emptySentence = emptySentence;
        this.lines = List.of(lines);
    }

    ChartSpec(
            Drawing drawing,
            String title,
            String yLabel,
            Smoothing smoothing,
            String note,
            String emptySentence,
            Line... lines) {
        this.drawing = drawing;
        this.title = title;
        this.yLabel = yLabel;
        this.baseline = Baseline.NONE;
        this.smoothing = smoothing;
        this.note = note;
        this.emptySentence = emptySentence;
        this.lines = List.of(lines);
    }

    public String title() {
        return title;
    }

    /// The picture of these runs. One run is drawn in the colours of its metrics; several in one
    /// hue each, told apart within a run by dashes. Areas and distributions are of one run only.
    public Figure figure(List<RunCurves> runs) {
        boolean several = runs.size() > 1;
        List<Curve> parts = curves(runs, line -> !isSum(line));
        boolean areas =
                drawing == Drawing.AREAS
                        && !several
                        && parts.stream().noneMatch(curve -> curve.series().isNegative());
        List<Curve> curves =
                areas
                        ? parts
                        : curves(runs, line -> drawing == Drawing.LINES || !several || isSum(line));
        return new Figure(
                title,
                XAxis.STEPS,
                yLabel,
                baseline,
                smoothing,
                note(curves),
                drawing != Drawing.LINES && several
                        ? "This chart shows one run at a time."
                        : emptySentence,
                curves,
                form(runs, areas),
                List.of(),
                Backdrop.NONE);
    }

    /// Whether a line is the sum of a family: `loss` of `loss/*`.
    private boolean isSum(Line line) {
        return lines.stream()
                .anyMatch(other -> other.isFamily() && other.prefix().equals(line.key() + "/"));
    }

    private List<Curve> curves(List<RunCurves> runs, Predicate<Line> wanted) {
        List<Curve> curves = new ArrayList<>();
        for (RunCurves run : runs) {
            for (Line line : lines.stream().filter(wanted).toList()) {
                if (line.isFamily()) {
                    addFamily(curves, run, line, runs.size());
                } else {
                    add(curves, run, line, runs.size());
                }
            }
        }
        return curves;
    }

    private Figure.Form form(List<RunCurves> runs, boolean areas) {
        if (drawing != Drawing.HEAT) {
            return areas ? new Figure.Form.Areas() : new Figure.Form.Lines();
        }
        HeatMap map = runs.size() == 1 ? runs.getFirst().rejectedTokens() : null;
        return new Figure.Form.Heat(map == null ? HeatMap.NONE : map);
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
                Dash dash = drawing == Drawing.AREAS ? Dash.SOLID : Dash.DASHED;
                add(curves, run, new Line(key, label, Hue.ofRun(hue++), dash), runs);
            }
        }
    }

    private void add(List<Curve> curves, RunCurves run, Line line, int runs) {
        Series series = run.metric(line.key());
        if (series.isEmpty()) {
            return;
        }
        String label =
                runs == 1
                        ? line.label()
                        : lines.size() == 1 ? run.name() : run.name() + " · " + line.label();
        Hue hue = runs == 1 ? line.hue() : run.hue();
        curves.add(new Curve(run.name(), label, hue, line.dash(), series).growing(run.growing()));
    }
}
