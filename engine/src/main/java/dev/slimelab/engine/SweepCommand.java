package dev.slimelab.engine;

import dev.slimelab.engine.compare.ResultTable;
import dev.slimelab.engine.compare.ResultTable.Layout;
import dev.slimelab.engine.compare.RunResult;
import dev.slimelab.engine.compare.TableFormat;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.queue.RunQueue.OnFailure;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.sweep.Sweep;
import dev.slimelab.engine.sweep.SweepFolder;
import dev.slimelab.engine.sweep.Template;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `slimelab sweep FILE --out DIR`: trains every run that a sweep asks for, and puts the results
/// into a table.
@Command(
        name = "sweep",
        description = {
            "Trains every run that a sweep file or a template asks for, and ends with a table.",
            "Where it was interrupted, the same command goes on."
        },
        mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "A spec with lists; docs/ablations.md says how.")
    private @Nullable Path file;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "table4, table5 or simpo instead of a file.")
    private @Nullable String template;

    @Option(
            names = "--base",
            paramLabel = "SPEC.json",
            description = "What a template starts from; default: the built-in model.")
    private @Nullable Path base;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of a template's base.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the runs go; default: runs/NAME.")
    private @Nullable Path out;

    @Option(names = "--dry-run", description = "Lists the runs and writes nothing.")
    private boolean dryRun;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            defaultValue = "2",
            description = "Runs trained at the same time; default: ${DEFAULT-VALUE}.")
    private int atOnce;

    @Option(
            names = "--on-failure",
            paramLabel = "WHAT",
            defaultValue = "continue",
            description = "continue or stop; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private OnFailure onFailure;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "0",
            description = "How often a failed run is tried again; default: ${DEFAULT-VALUE}.")
    private int retries;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        var settings = new RunQueue.Settings(atOnce, onFailure, retries, false);
        Sweep sweep = sweep();
        PrintWriter terminal = command.commandLine().getOut();
        if (dryRun) {
            list(sweep, terminal);
            return 0;
        }
        SweepFolder folder = new SweepFolder(out == null ? Path.of("runs", sweep.name()) : out);
        RunQueue queue = new RunQueue(folder.path());
        folder.begin(sweep, queue, settings);
        List<Entry> entries = QueueCommand.work(queue, terminal, main);
        List<RunResult> results = folder.results();
        if (results.stream().anyMatch(RunResult::isFinished)) {
            terminal.println();
            terminal.print(TableFormat.TEXT.write(ResultTable.of(results, Layout.USUAL)));
            terminal.println();
            terminal.println("For a paper: slimelab compare " + folder.path() + " --table latex");
        }
        return QueueCommand.exitCode(entries);
    }

    private Sweep sweep() {
        if ((file == null) == (template == null)) {
            throw Problem.badRequest(
                    file == null
                            ? "There is neither a sweep file nor a template."
                            : "There are both a sweep file and a template.",
                    "Give one of them: slimelab sweep FILE, or --template table4.");
        }
        if (file != null) {
            if (base != null || !changes.isEmpty()) {
                throw Problem.badRequest(
                        "--base and --set are for templates.", "Write both into the sweep file.");
            }
            return Sweep.read(file);
        }
        RunSpec spec =
                base == null
                        ? SpecJson.changed(
                                Template.builtIn(
                                        Path.of(System.getProperty("slimelab.home", ""), "assets")
                                                .toAbsolutePath()),
                                changes)
                        : SpecJson.read(base, changes);
        return Template.named(String.valueOf(template)).on(spec);
    }

    private static void list(Sweep sweep, PrintWriter terminal) {
        List<Sweep.Planned> runs = sweep.plan(0, Sweep.START);
        for (Sweep.Planned run : runs) {
            terminal.printf("%-32s %s%n", run.folder(), String.join(" ", run.point().changes()));
        }
        terminal.printf(
                "%d runs%s.%n",
                runs.size(),
                sweep.stages() == 1
                        ? ""
                        : " in the first of "
                                + sweep.stages()
                                + " stages; each later one starts from the row with the "
                                + (sweep.choice().highest() ? "highest " : "lowest ")
                                + sweep.choice().metric());
    }
}
