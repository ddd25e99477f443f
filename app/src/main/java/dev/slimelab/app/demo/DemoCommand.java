package dev.slimelab.app.demo;

import dev.slimelab.app.chart.ChartExport;
import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.plot.RecordedRun;
import dev.slimelab.app.window.Installation;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.Owner;
import dev.slimelab.engine.queue.QueueProgress;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.RunDirectory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/// `slimelab demo`: trains the five sample experiments again, two at a time.
///
/// With a display the workbench opens on them while they train; without one, or with `--no-window`,
/// it shows progress and ends with a table and charts.
@Command(
        name = "demo",
        description = "Trains five short runs of the built-in model, two at a time.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final List<String> RUNS =
            List.of("slime", "simpo", "dpo", "slime-without-stabiliser", "more-sft");
    private static final int AT_ONCE = 2;
    private static final List<ChartSpec> CHARTS =
            List.of(
                    ChartSpec.DISPLACEMENT,
                    ChartSpec.SCORE,
                    ChartSpec.LIKELIHOOD,
                    ChartSpec.MARGIN);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where runs, table and charts go; default: a new folder below demo/.")
    private @Nullable Path out;

    @Option(names = "--no-window", description = "Progress and a table instead of the workbench.")
    private boolean noWindow;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    private final Consumer<Path> openWindow;

    /// Only remembers how to open the window.
    ///
    /// @param openWindow shows the runs of a folder and returns when the window is closed
    public DemoCommand(Consumer<Path> openWindow) {
        this.openWindow = openWindow;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Path folder = folder();
        EngineProcess engines = EngineProcess.ofThisInstallation(folder);
        RunQueue queue = fill(folder);
        if (!noWindow && hasDisplay()) {
            engines.workOff(queue);
            openWindow.accept(folder);
            return 0;
        }
        PrintWriter terminal = command.commandLine().getOut();
        terminal.println("Training " + RUNS.size() + " runs in " + folder + ", two at a time.");
        List<Entry> ended =
                new Owner(queue, Owner.workers(engines.java(), engines.classpath(), queue))
                        .run(new QueueProgress(terminal, isOnTerminal(), queue), () -> false);
        return report(folder, ended, terminal);
    }

    private static RunQueue fill(Path folder) throws IOException {
        RunQueue queue = new RunQueue(folder);
        Path samples = Installation.fromProperties().samples();
        List<RunDirectory> runs = new ArrayList<>();
        for (String name : RUNS) {
            RunDirectory run = new RunDirectory(folder.resolve(name));
            Files.createDirectories(run.path());
            run.freeze(new RunDirectory(samples.resolve(name)).readSpec());
            runs.add(run);
        }
        queue.change(RunQueue.Settings.INITIAL.atOnce(AT_ONCE));
        queue.add(runs);
        return queue;
    }

    private int report(Path folder, List<Entry> ended, PrintWriter terminal) throws IOException {
        List<RecordedRun> finished = new ArrayList<>();
        for (Entry entry : ended) {
            RunDirectory run = new RunDirectory(folder.resolve(entry.request().run()));
            if (entry.state() == Entry.State.FINISHED) {
                finished.add(RecordedRun.read(run));
            } else {
                terminal.println(run.name() + " did not finish; see " + run.path() + ".");
            }
        }
        if (finished.isEmpty()) {
            return Problem.Kind.FAILED.exitCode();
        }
        String table = DemoTable.of(finished);
        terminal.println();
        terminal.print(table);
        Files.writeString(folder.resolve("table.txt"), table);
        List<ChartSpec.RunCurves> curves = new ArrayList<>();
        for (int i = 0; i < finished.size(); i++) {
            curves.add(finished.get(i).curves(i));
        }
        ChartExport export = new ChartExport(Theme.LIGHT, ChartExport.Size.DEFAULT);
        for (ChartSpec chart : CHARTS) {
            String name = chart.name().toLowerCase(Locale.ROOT);
            export.write(chart.figure(curves), folder.resolve(name + ".png"));
            export.write(chart.figure(curves), folder.resolve(name + ".svg"));
        }
        terminal.println("Table, charts (PNG and SVG) and run directories are in " + folder + ".");
        return finished.size() == ended.size() ? 0 : Problem.Kind.FAILED.exitCode();
    }

    private Path folder() throws IOException {
        Path chosen =
                out == null
                        ? Path.of(
                                "demo",
                                LocalDateTime.now(ZoneId.systemDefault())
                                        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss")))
                        : out;
        Path folder = chosen.toAbsolutePath().normalize();
        if (!RunDirectory.below(folder).isEmpty()) {
            throw Problem.badRequest(
                    folder + " already holds runs.", "Choose another folder with --out.");
        }
        return Files.createDirectories(folder);
    }

    @SuppressWarnings("SystemConsoleNull") // null where output is redirected, on JDK 25 again
    private static boolean isOnTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static boolean hasDisplay() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return system.contains("win")
                || system.contains("mac")
                || System.getenv("DISPLAY") != null
                || System.getenv("WAYLAND_DISPLAY") != null;
    }
}
