package dev.slimelab.app;

import dev.slimelab.app.demo.DemoCommand;
import dev.slimelab.app.plot.PlotCommand;
import dev.slimelab.app.window.Installation;
import dev.slimelab.app.window.Opening;
import dev.slimelab.engine.problem.Problem;

import javafx.application.Application;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.nio.file.Path;
import java.util.logging.Logger;

/// The commands that draw: the workbench itself without a command, and the demonstration.
///
/// Not itself a JavaFX application, so that it starts from a plain classpath.
@Command(name = "slimelab", description = "Opens the workbench.", mixinStandardHelpOptions = true)
public final class Main implements Runnable {
    /// Held on to: a logger that nobody holds forgets its filter.
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine commands =
                new CommandLine(new Main())
                        .addSubcommand(new DemoCommand(Main::openOn))
                        .addSubcommand(new PlotCommand())
                        .setExecutionExceptionHandler(
                                (e, command, _) -> {
                                    if (e instanceof Problem problem) {
                                        command.getErr().println(problem.what());
                                        command.getErr().println(problem.remedy());
                                        return problem.kind().exitCode();
                                    }
                                    throw e;
                                });
        System.exit(commands.execute(arguments));
    }

    @Override
    public void run() {
        openWindow();
    }

    /// JavaFX warns that it was not started from the module path, which changes nothing here. Its
    /// other warnings are kept.
    private static void openWindow() {
        JAVAFX.setFilter(
                entry ->
                        !String.valueOf(entry.getMessage())
                                .startsWith("Unsupported JavaFX configuration"));
        Application.launch(Workbench.class);
    }

    /// The workbench on the runs of one folder, compared as they appear.
    private static void openOn(Path runs) {
        System.setProperty("slimelab.runs", runs.toString());
        System.setProperty("slimelab.samples", runs.resolve("no-samples").toString());
        System.setProperty(Installation.OPENING, Opening.COMPARE_ALL.name());
        openWindow();
    }
}
