package dev.slimelab.engine.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;

import dev.slimelab.engine.compare.ResultTable.Layout;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.State;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs as rows and columns, and the table in every format.
class ResultTableTest {
    private static final Map<String, double[]> SCORES = new LinkedHashMap<>();

    static {
        SCORES.put("full", new double[] {8.1, 8.4, 8.3});
        SCORES.put("w/o rejected_50%", new double[] {4.2, 4.6, 4.4});
        SCORES.put("w/o soft", new double[] {8.2, 8.3, 8.5});
    }

    @Test
    void rowsOfAPlanAreMeansOverSeedsTestedAgainstTheFirst() {
        ResultTable table = ResultTable.of(planned(), Layout.USUAL);
        assertThat(table.baseline()).isEqualTo("full");
        assertThat(table.tests()).isEqualTo(4);
        assertThat(TableFormat.MARKDOWN.write(table))
                .isEqualTo(
                        """
                        |  | greedy score | Δ chosen, nat/token |
                        | --- | ---: | ---: |
                        | full (n = 3) | 8.27 ± 0.38 | −0.0827 ± 0.0038 |
                        | w/o rejected_50% (n = 3) | 4.40 ± 0.50\\* | −0.0440 ± 0.0050\\* |
                        | w/o soft (n = 3) | 8.33 ± 0.38 | −0.0833 ± 0.0038 |
                        | noise floor | 0.54 | 0.0054 |

                        Mean over n seeds ± half of the 95 % interval (Student). \\*: differs from full, t test by seed with Holm's correction over 4 tests. Noise floor: what two groups must differ by to stand out from full's noise.
                        """);
    }

    @Test
    void theSentencesSayWhatIsFoundAndWhatIsNot() {
        List<String> sentences = ResultTable.of(planned(), Layout.USUAL).sentences();
        assertThat(sentences.getFirst())
                .startsWith("w/o rejected_50% differs from full: greedy score lower by 3.9 (p = ")
                .contains("n = 3");
        assertThat(sentences.getLast())
                .startsWith("These runs cannot tell 2 of 4 differences; the nearest, ")
                .contains("more seed");
    }

    @Test
    void withOneSeedNothingIsTestedAndThatIsSaid() {
        List<RunResult> runs = planned().stream().filter(run -> run.seed().equals("0")).toList();
        ResultTable table = ResultTable.of(runs, Layout.USUAL);
        assertThat(table.tests()).isZero();
        assertThat(table.sentences().getFirst()).startsWith("Nothing can be tested yet");
        assertThat(TableFormat.TEXT.write(table)).contains("8.100").doesNotContain("NaN");
    }

    @Test
    void unfinishedRunsDoNotCount() {
        List<RunResult> runs = new ArrayList<>(planned());
        RunResult last = runs.removeLast();
        runs.add(
                new RunResult(
                        last.run(),
                        last.label(),
                        last.settings(),
                        last.metrics(),
                        State.TRAINING,
                        0));
        ResultTable table = ResultTable.of(runs, Layout.USUAL);
        assertThat(table.rows().getLast().unfinished()).isEqualTo(1);
        assertThat(requireNonNull(table.rows().getLast().cells().getFirst().sample()).n())
                .isEqualTo(2);
    }

    @Test
    void rowsAndColumnsCanBeChosenByKey() {
        List<RunResult> runs = new ArrayList<>();
        for (String objective : List.of("slime", "dpo")) {
            for (String rate : List.of("1e-4", "3e-4")) {
                for (int seed = 0; seed < 2; seed++) {
                    runs.add(
                            run(
                                    null,
                                    Map.of(
                                            "objective",
                                            objective,
                                            "optimization.learningRate",
                                            rate),
                                    seed,
                                    seed + (objective.equals("dpo") ? 1 : 5)));
                }
            }
        }
        Layout across =
                new Layout(
                        List.of("objective"),
                        "optimization.learningRate",
                        List.of("score/greedy"),
                        "dpo",
                        Sample.IntervalKind.STUDENT,
                        0.95);
        ResultTable table = ResultTable.of(runs, across);
        assertThat(table.rows().stream().map(ResultTable.Row::label))
                .containsExactly("dpo", "slime");
        assertThat(table.columns().stream().map(ResultTable.Column::title))
                .containsExactly("greedy score, 1e-4", "greedy score, 3e-4");
        assertThat(requireNonNull(table.rows().getLast().cells().getLast().sample()).mean())
                .isEqualTo(5.5);
        ResultTable marginal =
                ResultTable.of(
                        runs,
                        new Layout(
                                List.of("objective"),
                                null,
                                List.of("score/greedy"),
                                null,
                                Sample.IntervalKind.STUDENT,
                                0.95));
        assertThat(requireNonNull(marginal.rows().getFirst().cells().getFirst().sample()).n())
                .isEqualTo(4);
        assertThat(marginal.notes())
                .containsExactly("Rows average over optimization.learningRate.");
        assertThat(ResultTable.of(runs, Layout.USUAL).rows().stream().map(ResultTable.Row::label))
                .contains("objective = slime, learningRate = 1e-4");
    }

    @Test
    void aRunThatIsThereTwiceCountsOnce() {
        List<RunResult> runs = new ArrayList<>(planned());
        runs.add(runs.getFirst());
        ResultTable table = ResultTable.of(runs, Layout.USUAL);
        assertThat(requireNonNull(table.rows().getFirst().cells().getFirst().sample()).n())
                .isEqualTo(3);
        assertThat(table.notes().getFirst()).startsWith("1 finished runs repeat");
    }

    @Test
    void whatIsNotThereIsRefusedWithTheNearest() {
        assertThatThrownBy(
                        () ->
                                ResultTable.of(
                                        planned(), Layout.USUAL.metrics(List.of("score/greed"))))
                .isInstanceOf(Problem.class)
                .hasMessage("No run has measured \"score/greed\". Did you mean \"score/greedy\"?");
        assertThatThrownBy(() -> ResultTable.of(planned(), Layout.USUAL.baseline("ful")))
                .hasMessageStartingWith(
                        "There is no row \"ful\" to compare with. Use one of full, ");
    }

    /// Every rounded cell of the LaTeX table stands in the CSV too, beside the numbers in full that
    /// it was rounded from.
    @Test
    void theCsvEqualsTheLatex() {
        ResultTable table = ResultTable.of(planned(), Layout.USUAL);
        List<List<String>> latex =
                TableFormat.LATEX
                        .write(table)
                        .lines()
                        .filter(line -> line.contains("(n = "))
                        .map(
                                line ->
                                        line.replace("\\\\", "")
                                                .replace("\\%", "%")
                                                .replace("\\_", "_"))
                        .map(line -> line.replace("$", "").replace("^{*}", "*"))
                        .map(line -> line.replace("\\pm", "±").strip())
                        .map(line -> Stream.of(line.split(" & ", -1)).map(String::strip).toList())
                        .toList();
        List<NamedCsvRecord> csv;
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(TableFormat.CSV.write(table))) {
            csv = reader.stream().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(latex).hasSize(3);
        for (int row = 0; row < 3; row++) {
            assertThat(latex.get(row).getFirst()).startsWith(csv.get(row).getField("row"));
            for (int i = 0; i < table.columns().size(); i++) {
                String metric = table.columns().get(i).metric();
                String shown = latex.get(row).get(i + 1);
                assertThat(csv.get(row).getField(metric)).isEqualTo(shown);
                String[] parts = shown.replace("*", "").split(" ± ", -1);
                double unit = Math.pow(10, -parts[0].substring(parts[0].indexOf('.') + 1).length());
                double mean = Double.parseDouble(csv.get(row).getField(metric + " mean"));
                double low = Double.parseDouble(csv.get(row).getField(metric + " low"));
                assertThat(Double.parseDouble(parts[0])).isCloseTo(mean, within(unit * 0.5001));
                assertThat(Double.parseDouble(parts[1]))
                        .isCloseTo(mean - low, within(unit * 0.5001));
                assertThat(csv.get(row).getField(metric + " n")).isEqualTo("3");
                assertThat(shown.endsWith("*"))
                        .isEqualTo(
                                List.of("higher", "lower")
                                        .contains(csv.get(row).getField(metric + " verdict")));
            }
        }
    }

    @Test
    void theLatexCompiles(@TempDir Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/pdflatex")),
                "SKIPPED: the LaTeX table was not compiled, because there is no /usr/bin/pdflatex.");
        Files.writeString(
                folder.resolve("table.tex"),
                "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{booktabs}\n"
                        + "\\begin{document}\n"
                        + TableFormat.LATEX.write(ResultTable.of(planned(), Layout.USUAL))
                        + "\\end{document}\n");
        int code =
                new ProcessBuilder(
                                "/usr/bin/pdflatex",
                                "-interaction=nonstopmode",
                                "-halt-on-error",
                                "table.tex")
                        .directory(folder.toFile())
                        .redirectOutput(new File(folder.toFile(), "out.txt"))
                        .redirectErrorStream(true)
                        .start()
                        .waitFor();
        assertThat(code).as(Files.readString(folder.resolve("out.txt"))).isZero();
        assertThat(folder.resolve("table.pdf")).isNotEmptyFile();
    }

    private static List<RunResult> planned() {
        List<RunResult> runs = new ArrayList<>();
        SCORES.forEach(
                (label, scores) -> {
                    for (int seed = 0; seed < scores.length; seed++) {
                        runs.add(run(label, Map.of(), seed, scores[seed]));
                    }
                });
        return runs;
    }

    private static RunResult run(
            @org.jspecify.annotations.Nullable String label,
            Map<String, String> settings,
            int seed,
            double score) {
        Map<String, String> all =
                new LinkedHashMap<>(Map.of("objective", label == null ? "" : label));
        all.putAll(settings);
        RunResult.SEEDS.forEach(path -> all.put(path, Integer.toString(seed)));
        return new RunResult(
                new RunDirectory(Path.of("run-" + label + seed)),
                label,
                all,
                Map.of("score/greedy", score, "logps_delta/chosen", -score / 100),
                State.FINISHED,
                0);
    }
}
