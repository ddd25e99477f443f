package dev.slimelab.engine;

import dev.slimelab.engine.compare.ResultTable;
import dev.slimelab.engine.compare.ResultTable.Layout;
import dev.slimelab.engine.compare.RunResult;
import dev.slimelab.engine.compare.Sample.IntervalKind;
import dev.slimelab.engine.compare.TableFormat;
import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.sweep.SweepFolder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `slimelab compare DIR…`: runs as a table over seeds, with intervals and tests.
@Command(
        name = "compare",
        description = "Puts runs into a table: mean over seeds, interval, corrected tests.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "Run directories, sweeps, or folders of runs.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--table",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, markdown, latex or csv; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private TableFormat format;

    @Option(
            names = "--rows",
            paramLabel = "PATH",
            split = ",",
            description =
                    "Settings whose values make the rows; default: a sweep's own rows, or whatever differs.")
    private List<String> rows = new ArrayList<>();

    @Option(
            names = "--across",
            paramLabel = "PATH",
            description = "A setting whose values make the columns.")
    private @Nullable String across;

    @Option(
            names = "--metrics",
            paramLabel = "KEY",
            split = ",",
            description =
                    "Metrics of metrics.jsonl, their last values; default: the scores and likelihoods measured.")
    private List<String> metrics = new ArrayList<>();

    @Option(
            names = "--baseline",
            paramLabel = "ROW",
            description = "The row that the others are tested against; default: the first.")
    private @Nullable String baseline;

    @Option(
            names = "--interval",
            paramLabel = "KIND",
            defaultValue = "student",
            description = "student or bootstrap; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private IntervalKind interval;

    @Option(
            names = "--level",
            paramLabel = "SHARE",
            defaultValue = "0.95",
            description =
                    "Of the intervals, and one less the tests' significance; default: ${DEFAULT-VALUE}.")
    private double level;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Writes the table into a file.")
    private @Nullable Path file;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        Layout layout = new Layout(rows, across, metrics, baseline, interval, level);
        List<RunResult> results = new ArrayList<>();
        folders.forEach(folder -> results.addAll(read(folder)));
        String table = format.write(ResultTable.of(results, layout));
        if (file == null) {
            command.commandLine().getOut().print(table);
            command.commandLine().getOut().flush();
        } else {
            AtomicFile.write(file, table);
        }
        return 0;
    }

    private static List<RunResult> read(Path folder) {
        SweepFolder sweep = new SweepFolder(folder);
        if (sweep.exists()) {
            return sweep.results();
        }
        RunDirectory run = new RunDirectory(sweep.path());
        List<RunDirectory> runs =
                Files.exists(run.spec()) ? List.of(run) : RunDirectory.below(sweep.path());
        if (runs.isEmpty()) {
            throw Problem.badRequest(
                    folder + " holds no runs.", "Name run directories, or a folder of them.");
        }
        return runs.stream().map(each -> RunResult.read(each, null)).toList();
    }
}
