package dev.slimelab.engine.compare;

import dev.slimelab.engine.compare.Comparison.Verdict;
import dev.slimelab.engine.compare.ResultTable.Cell;
import dev.slimelab.engine.compare.ResultTable.Row;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The ways to write a [ResultTable]. All show the same rounded numbers; CSV has the whole ones
/// too.
public enum TableFormat {
    /// For a terminal: aligned, with what can be said below.
    TEXT {
        @Override
        public String write(ResultTable table) {
            List<List<String>> lines = new ArrayList<>();
            lines.add(heads(table));
            table.rows().forEach(row -> lines.add(rowCells(table, row, PLAIN)));
            lines.add(noiseCells(table, PLAIN));
            int columns = lines.getFirst().size();
            int[] widths =
                    IntStream.range(0, columns)
                            .map(
                                    i ->
                                            lines.stream()
                                                    .mapToInt(l -> l.get(i).length())
                                                    .max()
                                                    .orElse(0))
                            .toArray();
            StringBuilder text = new StringBuilder();
            for (List<String> line : lines) {
                for (int i = 0; i < columns; i++) {
                    String cell = line.get(i);
                    String space = " ".repeat(widths[i] - cell.length());
                    text.append(i == 0 ? cell + space : "  " + space + cell);
                }
                text.append('\n');
            }
            table.sentences().forEach(sentence -> text.append('\n').append(sentence));
            return text.append('\n').append(caption(table, "*")).append('\n').toString();
        }
    },
    MARKDOWN {
        @Override
        public String write(ResultTable table) {
            StringBuilder text = new StringBuilder();
            line(text, heads(table));
            text.append("| ---").append(" | ---:".repeat(table.columns().size())).append(" |\n");
            table.rows().forEach(row -> line(text, rowCells(table, row, PLAIN)));
            line(text, noiseCells(table, PLAIN));
            return text.append('\n').append(caption(table, "\\*")).append('\n').toString();
        }

        private void line(StringBuilder text, List<String> cells) {
            text.append("| ")
                    .append(
                            cells.stream()
                                    .map(cell -> cell.replace("|", "\\|").replace("*", "\\*"))
                                    .collect(Collectors.joining(" | ")))
                    .append(" |\n");
        }
    },
    /// A `table` for the package booktabs.
    LATEX {
        @Override
        public String write(ResultTable table) {
            StringBuilder text = new StringBuilder("\\begin{table}\n  \\centering\n");
            text.append("  \\begin{tabular}{l").append("r".repeat(table.columns().size()));
            text.append("}\n    \\toprule\n");
            line(text, heads(table).stream().map(TableFormat::escaped).toList());
            text.append("    \\midrule\n");
            for (Row row : table.rows()) {
                List<String> cells = new ArrayList<>(rowCells(table, row, MATH));
                cells.set(0, escaped(cells.getFirst()));
                line(text, cells);
            }
            text.append("    \\midrule\n");
            line(text, noiseCells(table, MATH));
            text.append("    \\bottomrule\n  \\end{tabular}\n  \\caption{");
            text.append(escaped(caption(table, "*")).replace("± ", "$\\pm$ "));
            return text.append("}\n\\end{table}\n").toString();
        }

        private void line(StringBuilder text, List<String> cells) {
            text.append("    ").append(String.join(" & ", cells)).append(" \\\\\n");
        }
    },
    /// One line a row; per column the rounded mean as it stands in the other formats, then mean,
    /// ends of the interval, n, corrected p and verdict in full.
    CSV {
        @Override
        public String write(ResultTable table) {
            StringBuilder text = new StringBuilder("row");
            for (ResultTable.Column column : table.columns()) {
                String key =
                        column.value() == null
                                ? column.metric()
                                : column.metric() + " " + column.value();
                for (String what : List.of("", " mean", " low", " high", " n", " p", " verdict")) {
                    text.append(',').append(quoted(key + what));
                }
            }
            text.append('\n');
            for (Row row : table.rows()) {
                text.append(quoted(row.label()));
                List<String> shown = rowCells(table, row, ASCII);
                for (int i = 0; i < row.cells().size(); i++) {
                    text.append(',').append(quoted(shown.get(i + 1)));
                    text.append(inFull(table, row.cells().get(i)));
                }
                text.append('\n');
            }
            return text.toString();
        }

        private String inFull(ResultTable table, Cell cell) {
            Sample sample = cell.sample();
            if (sample == null) {
                return ",,,,,,";
            }
            Sample.Interval interval =
                    sample.interval(table.layout().interval(), table.layout().level());
            Comparison comparison = cell.comparison();
            return ",%s,%s,%s,%d,%s,%s"
                    .formatted(
                            sample.mean(),
                            number(interval.low()),
                            number(interval.high()),
                            sample.n(),
                            comparison == null ? "" : comparison.corrected(),
                            comparison == null
                                    ? ""
                                    : comparison
                                            .verdict()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace('_', ' '));
        }

        private String number(double value) {
            return Double.isNaN(value) ? "" : Double.toString(value);
        }

        private String quoted(String text) {
            return text.matches("[^\",\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
        }
    };

    /// How a cell's parts are put together.
    private record Style(
            DoubleFunction<String> minus,
            String plusMinus,
            String mark,
            String before,
            String after) {
        String number(double value, int decimals) {
            return minus.apply(value) + Digits.fixed(Math.abs(value), decimals);
        }
    }

    private static final Style PLAIN = new Style(v -> v < 0 ? "−" : "", " ± ", "*", "", "");
    private static final Style ASCII = new Style(v -> v < 0 ? "-" : "", " ± ", "*", "", "");
    private static final Style MATH = new Style(v -> v < 0 ? "-" : "", " \\pm ", "^{*}", "$", "$");

    /// The whole table as text, ending in a newline.
    public abstract String write(ResultTable table);

    /// A row's name as the tables show it, with its n.
    public static String label(Row row) {
        return row.label() + counted(row);
    }

    /// A cell as the tables show it, such as `8.39 ± 0.10*`.
    public static String cell(ResultTable table, Row row, int column) {
        return rowCells(table, row, PLAIN).get(column + 1);
    }

    /// The smallest difference that stands out from the baseline's noise in a column.
    public static String noise(ResultTable table, int column) {
        return noiseCells(table, PLAIN).get(column + 1);
    }

    private static List<String> heads(ResultTable table) {
        List<String> heads = new ArrayList<>(List.of(""));
        table.columns().forEach(column -> heads.add(column.title()));
        return heads;
    }

    private static List<String> rowCells(ResultTable table, Row row, Style style) {
        List<String> cells = new ArrayList<>(List.of(label(row)));
        for (int i = 0; i < row.cells().size(); i++) {
            cells.add(cell(table, row.cells().get(i), i, style));
        }
        return cells;
    }

    /// n behind the row's name; by cell where cells differ.
    private static String counted(Row row) {
        List<Integer> counts =
                row.cells().stream()
                        .map(cell -> cell.sample() == null ? 0 : cell.sample().n())
                        .distinct()
                        .toList();
        return counts.size() == 1 ? " (n = " + counts.getFirst() + ")" : "";
    }

    private static String cell(ResultTable table, Cell cell, int column, Style style) {
        Sample sample = cell.sample();
        if (sample == null) {
            return "–";
        }
        int decimals = decimals(table, column);
        Sample.Interval interval =
                sample.interval(table.layout().interval(), table.layout().level());
        StringBuilder text = new StringBuilder(style.before);
        text.append(style.number(sample.mean(), decimals));
        if (sample.n() > 1) {
            text.append(style.plusMinus).append(Digits.fixed(interval.halfWidth(), decimals));
        }
        if (cell.comparison() != null && cell.comparison().verdict() != Verdict.CANNOT_TELL) {
            text.append(style.mark);
        }
        return text.append(style.after).toString();
    }

    /// One count for a whole column, from its median uncertainty, so that numbers line up.
    private static int decimals(ResultTable table, int column) {
        double[] widths =
                table.rows().stream()
                        .map(row -> row.cells().get(column).sample())
                        .mapToDouble(sample -> halfWidth(sample, table))
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray();
        return Digits.decimals(widths.length == 0 ? Double.NaN : widths[widths.length / 2]);
    }

    private static double halfWidth(@Nullable Sample sample, ResultTable table) {
        return sample == null
                ? Double.NaN
                : sample.interval(table.layout().interval(), table.layout().level()).halfWidth();
    }

    private static List<String> noiseCells(ResultTable table, Style style) {
        List<String> cells = new ArrayList<>(List.of("noise floor"));
        for (int i = 0; i < table.columns().size(); i++) {
            double floor = table.noiseFloor(i);
            cells.add(
                    Double.isNaN(floor)
                            ? "–"
                            : style.before + Digits.fixed(floor, decimals(table, i)) + style.after);
        }
        return cells;
    }

    private static String caption(ResultTable table, String mark) {
        String level = Digits.fixed(100 * table.layout().level(), 0);
        String kind =
                switch (table.layout().interval()) {
                    case STUDENT -> "Student";
                    case BOOTSTRAP -> "bootstrap";
                };
        String tests = table.tests() == 1 ? "1 test" : table.tests() + " tests";
        return ("Mean over n seeds ± half of the %s %% interval (%s). %s: differs from %s, t test by"
                        + " seed with Holm's correction over %s. Noise floor: what two groups must"
                        + " differ by to stand out from %s's noise.%s")
                .formatted(
                        level,
                        kind,
                        mark,
                        table.baseline(),
                        tests,
                        table.baseline(),
                        table.notes().stream()
                                .map(note -> " " + note)
                                .collect(Collectors.joining()));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\textbackslash{}")
                .replaceAll("([&%$#_{}])", "\\\\$1")
                .replace("\\textbackslash\\{\\}", "\\textbackslash{}")
                .replace("Δ", "$\\Delta$")
                .replace("^", "\\textasciicircum{}")
                .replace("~", "\\textasciitilde{}")
                .replace("–", "--");
    }
}
