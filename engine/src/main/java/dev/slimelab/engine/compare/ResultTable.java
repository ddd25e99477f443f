package dev.slimelab.engine.compare;

import dev.slimelab.engine.compare.Comparison.Question;
import dev.slimelab.engine.compare.Comparison.Verdict;
import dev.slimelab.engine.problem.Nearest;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Finished runs as rows and columns, each cell a mean over seeds with its interval, each row
/// tested against the baseline, all tests of the table corrected together.
///
/// @param baseline the row that the others are tested against
/// @param notes what a reader must know of the runs, as sentences
public record ResultTable(
        Layout layout, List<Column> columns, List<Row> rows, String baseline, List<String> notes) {
    /// The name of a row where nothing differs between the runs.
    static final String ALL = "all runs";

    /// What goes where.
    ///
    /// @param rows settings whose values make the rows; empty: the rows of a plan, or whatever
    ///   differs
    /// @param across a setting whose values make the columns; null: one column a metric
    /// @param metrics shown, the last value of each run; empty: [Measure#usual]
    /// @param baseline a row's label; null: the first row
    /// @param level of the intervals, and 1 − level of the tests, such as 0.95
    public record Layout(
            List<String> rows,
            @Nullable String across,
            List<String> metrics,
            @Nullable String baseline,
            Sample.IntervalKind interval,
            double level) {
        public static final Layout USUAL =
                new Layout(List.of(), null, List.of(), null, Sample.IntervalKind.STUDENT, 0.95);

        public Layout {
            rows = List.copyOf(rows);
            metrics = List.copyOf(metrics);
            if (!(level > 0.5 && level < 1)) {
                throw Problem.badRequest(
                        "The level is " + level + ", but must be between 0.5 and 1.", "Use 0.95.");
            }
        }

        public Layout metrics(List<String> others) {
            return new Layout(rows, across, others, baseline, interval, level);
        }

        public Layout rows(List<String> others) {
            return new Layout(others, across, metrics, baseline, interval, level);
        }

        public Layout across(@Nullable String other) {
            return new Layout(rows, other, metrics, baseline, interval, level);
        }

        public Layout interval(Sample.IntervalKind other) {
            return new Layout(rows, across, metrics, baseline, other, level);
        }

        public Layout baseline(@Nullable String other) {
            return new Layout(rows, across, metrics, other, interval, level);
        }

        public double alpha() {
            return 1 - level;
        }
    }

    /// A metric, for one value of the setting that makes the columns.
    public record Column(String metric, @Nullable String value) {
        public String title() {
            String title = Measure.title(metric);
            return value == null ? title : title + ", " + value;
        }
    }

    /// One row.
    ///
    /// @param unfinished runs of the row that are not finished
    public record Row(String label, List<Cell> cells, int unfinished) {}

    /// One row's numbers for one column.
    ///
    /// @param sample null where no finished run measured it
    /// @param comparison with the baseline; null in the baseline and where there is nothing to test
    public record Cell(@Nullable Sample sample, @Nullable Comparison comparison) {}

    /// Puts runs into a table.
    ///
    /// @throws Problem bad request: where a row key, metric or baseline is not to be found in the
    ///   runs
    public static ResultTable of(List<RunResult> runs, Layout layout) {
        if (runs.isEmpty()) {
            throw Problem.badRequest("There are no runs to compare.", "Name run directories.");
        }
        Grouping grouping = Grouping.of(runs, layout);
        List<String> metrics = metrics(runs, layout);
        List<Column> columns = new ArrayList<>();
        for (String metric : metrics) {
            grouping.columns.forEach(value -> columns.add(new Column(metric, value)));
        }
        String baseline = baseline(grouping, layout);
        List<Row> rows = new ArrayList<>();
        for (String label : grouping.ordered(baseline)) {
            List<RunResult> own = grouping.rows.getOrDefault(label, List.of());
            rows.add(
                    new Row(
                            label,
                            columns.stream()
                                    .map(column -> new Cell(grouping.sample(own, column), null))
                                    .toList(),
                            (int) own.stream().filter(run -> !run.isFinished()).count()));
        }
        return new ResultTable(
                layout, columns, tested(rows, grouping, layout), baseline, grouping.notes());
    }

    /// How many tests were corrected together.
    public int tests() {
        return (int)
                rows.stream()
                        .flatMap(row -> row.cells.stream())
                        .filter(cell -> cell.comparison != null)
                        .count();
    }

    /// What the noise of the baseline's seeds makes indistinguishable in a column; NaN where the
    /// baseline has one seed.
    public double noiseFloor(int column) {
        Sample sample = rows.getFirst().cells.get(column).sample;
        return sample == null ? Double.NaN : sample.noiseFloor(layout.level);
    }

    /// What the table says and what it does not, in sentences.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (tests() == 0) {
            sentences.add(
                    "Nothing can be tested yet: a difference needs at least two finished seeds of "
                            + baseline
                            + " and of another row.");
            return sentences;
        }
        for (Row row : rows) {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Comparison comparison = row.cells.get(i).comparison;
                if (comparison != null && comparison.verdict() != Verdict.CANNOT_TELL) {
                    found.add(columns.get(i).title() + " " + difference(comparison));
                }
            }
            if (!found.isEmpty()) {
                sentences.add(
                        row.label
                                + " differs from "
                                + baseline
                                + ": "
                                + String.join("; ", found)
                                + ".");
            }
        }
        sentences.add(unclear());
        return sentences;
    }

    private static String difference(Comparison comparison) {
        return "%s by %s (p = %s, n = %d)"
                .formatted(
                        comparison.verdict().name().toLowerCase(Locale.ROOT),
                        Digits.significant(Math.abs(comparison.difference()), 2),
                        Digits.significant(comparison.corrected(), 2),
                        comparison.n());
    }

    private record Unclear(String row, String column, Comparison comparison) {
        int more() {
            return Objects.requireNonNull(comparison.moreSeeds());
        }
    }

    private String unclear() {
        List<Unclear> unclear = new ArrayList<>();
        for (Row row : rows) {
            for (int i = 0; i < columns.size(); i++) {
                Comparison comparison = row.cells.get(i).comparison;
                if (comparison != null && comparison.verdict() == Verdict.CANNOT_TELL) {
                    unclear.add(new Unclear(row.label, columns.get(i).title(), comparison));
                }
            }
        }
        if (unclear.isEmpty()) {
            return "Every difference tested is clear.";
        }
        Unclear next = unclear.stream().min(Comparator.comparingInt(Unclear::more)).orElseThrow();
        String told =
                "These runs cannot tell %d of %d differences".formatted(unclear.size(), tests());
        return next.more() > Power.MOST_SEEDS
                ? told + ", and no feasible number of seeds would."
                : told
                        + "; the nearest, %s of %s, would take about %d more %s if it is as large as it looks."
                                .formatted(
                                        next.column,
                                        next.row,
                                        next.more(),
                                        next.more() == 1 ? "seed" : "seeds");
    }

    private static List<Row> tested(List<Row> rows, Grouping grouping, Layout layout) {
        List<Question> questions = new ArrayList<>();
        List<Cell> reference = rows.getFirst().cells;
        for (Row row : rows.subList(1, rows.size())) {
            for (int i = 0; i < reference.size(); i++) {
                Sample one = row.cells.get(i).sample;
                Sample base = reference.get(i).sample;
                if (one != null && base != null) {
                    questions.add(new Question(one, base));
                }
            }
        }
        var answers = Comparison.all(questions, grouping.overlap(), layout.alpha()).iterator();
        List<Row> tested = new ArrayList<>(List.of(rows.getFirst()));
        for (Row row : rows.subList(1, rows.size())) {
            List<Cell> cells = new ArrayList<>();
            for (int i = 0; i < reference.size(); i++) {
                Cell cell = row.cells.get(i);
                boolean asked = cell.sample != null && reference.get(i).sample != null;
                cells.add(asked ? new Cell(cell.sample, answers.next()) : cell);
            }
            tested.add(new Row(row.label, cells, row.unfinished));
        }
        return tested;
    }

    private static String baseline(Grouping grouping, Layout layout) {
        Set<String> labels = grouping.rows.keySet();
        if (layout.baseline != null && !labels.contains(layout.baseline)) {
            throw Problem.badRequest(
                    "There is no row \"" + layout.baseline + "\" to compare with.",
                    "Use one of " + String.join(", ", labels) + ".");
        }
        return layout.baseline == null ? labels.iterator().next() : layout.baseline;
    }

    private static List<String> metrics(List<RunResult> runs, Layout layout) {
        Set<String> measured = new LinkedHashSet<>();
        runs.forEach(run -> measured.addAll(run.metrics().keySet()));
        for (String metric : layout.metrics) {
            if (!measured.isEmpty() && !measured.contains(metric)) {
                throw Problem.badRequest(
                        "No run has measured \"" + metric + "\".",
                        "Did you mean \"" + Nearest.to(metric, measured) + "\"?");
            }
        }
        return layout.metrics.isEmpty() ? Measure.usual(measured) : layout.metrics;
    }

    /// Which runs belong together.
    private record Grouping(
            Map<String, List<RunResult>> rows,
            List<@Nullable String> columns,
            @Nullable String across,
            List<String> averaged,
            boolean dataIsDividedAnew) {

        static Grouping of(List<RunResult> runs, Layout layout) {
            List<String> asked = new ArrayList<>(layout.rows);
            if (layout.across != null) {
                asked.add(layout.across);
            }
            for (String path : asked) {
                if (runs.stream().noneMatch(run -> run.settings().containsKey(path))) {
                    Set<String> known = new LinkedHashSet<>();
                    runs.forEach(run -> known.addAll(run.settings().keySet()));
                    throw Problem.badRequest(
                            "\"" + path + "\" is no setting of these runs.",
                            "Did you mean \"" + Nearest.to(path, known) + "\"?");
                }
            }
            List<String> differing = RunResult.differing(runs);
            boolean planned =
                    layout.rows.isEmpty()
                            && layout.across == null
                            && runs.stream().allMatch(run -> run.label() != null);
            List<String> keys =
                    layout.rows.isEmpty()
                            ? differing.stream()
                                    .filter(path -> !path.equals(layout.across))
                                    .toList()
                            : layout.rows;
            Map<String, List<RunResult>> rows = new LinkedHashMap<>();
            for (RunResult run : runs) {
                rows.computeIfAbsent(
                                planned ? String.valueOf(run.label()) : label(run, keys),
                                _ -> new ArrayList<>())
                        .add(run);
            }
            List<@Nullable String> columns = new ArrayList<>();
            if (layout.across == null) {
                columns.add(null);
            } else {
                String across = layout.across;
                runs.stream()
                        .map(run -> run.settings().getOrDefault(across, "none"))
                        .distinct()
                        .forEach(columns::add);
            }
            List<String> averaged =
                    planned
                            ? List.of()
                            : differing.stream()
                                    .filter(path -> !keys.contains(path))
                                    .filter(path -> !path.equals(layout.across))
                                    .toList();
            return new Grouping(
                    rows,
                    columns,
                    layout.across,
                    averaged,
                    runs.stream().map(run -> run.settings().get("data.seed")).distinct().count()
                            > 1);
        }

        private static String label(RunResult run, List<String> keys) {
            return keys.isEmpty()
                    ? ALL
                    : keys.stream()
                            .map(
                                    key ->
                                            (keys.size() == 1 && key.equals("objective")
                                                            ? ""
                                                            : key.substring(
                                                                            key.lastIndexOf('.')
                                                                                    + 1)
                                                                    + " = ")
                                                    + run.settings().getOrDefault(key, "none"))
                            .collect(Collectors.joining(", "));
        }

        List<String> ordered(String first) {
            List<String> labels = new ArrayList<>(rows.keySet());
            labels.remove(first);
            labels.addFirst(first);
            return labels;
        }

        @Nullable Sample sample(List<RunResult> own, Column column) {
            TreeMap<String, Double> bySeed = new TreeMap<>();
            for (RunResult run : own) {
                Double value = run.metrics().get(column.metric);
                boolean here =
                        across == null
                                || Objects.equals(
                                        column.value, run.settings().getOrDefault(across, "none"));
                if (run.isFinished() && here && value != null && Double.isFinite(value)) {
                    bySeed.putIfAbsent(identity(run), value);
                }
            }
            return bySeed.isEmpty() ? null : new Sample(bySeed);
        }

        private String identity(RunResult run) {
            return averaged.stream()
                    .map(path -> " " + run.settings().get(path))
                    .collect(Collectors.joining("", run.seed(), ""));
        }

        double overlap() {
            return dataIsDividedAnew
                    ? rows.values().stream()
                            .flatMap(List::stream)
                            .mapToDouble(RunResult::overlap)
                            .max()
                            .orElse(0)
                    : 0;
        }

        List<String> notes() {
            List<String> notes = new ArrayList<>();
            if (!averaged.isEmpty()) {
                notes.add("Rows average over " + String.join(", ", averaged) + ".");
            }
            long again = 0;
            for (List<RunResult> own : rows.values()) {
                List<String> finished =
                        own.stream()
                                .filter(RunResult::isFinished)
                                .map(run -> identity(run) + " " + run.settings().get(across))
                                .toList();
                again += finished.size() - finished.stream().distinct().count();
            }
            if (again > 0) {
                notes.add(
                        again
                                + " finished runs repeat another one's settings and seed and are not"
                                + " counted again.");
            }
            if (overlap() > 0) {
                notes.add(
                        "Seeds divide the same rows anew: tests use the variance of Nadeau and Bengio"
                                + " (2003).");
            }
            return notes;
        }
    }
}
