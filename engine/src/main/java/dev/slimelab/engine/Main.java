package dev.slimelab.engine;

import dev.slimelab.engine.problem.Problem;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

import java.io.PrintWriter;

/// The engine's command line: everything the workbench can do, without a window.
///
/// Exit codes: 0 done, 1 failed, 2 bad request, 130 interrupted.
@Command(
        name = "slimelab",
        description = "Trains language models on preferences and watches what they learn.",
        mixinStandardHelpOptions = true,
        version = "SlimeLab 0.1.0",
        subcommands = {
            TrainCommand.class,
            ResumeCommand.class,
            ForkCommand.class,
            ExtrapolateCommand.class,
            RsoCommand.class,
            ImportCommand.class,
            DataCommand.class,
            GenerateCommand.class,
            ServeCommand.class,
            VerifyCommand.class,
            ExportCommand.class,
            EstimateCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Also, from the workbench's own main:",
            "  slimelab         opens the workbench",
            "  slimelab demo    five short runs, watched while they train"
        })
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(Main.class)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, _) -> explain(e, command))
                .setParameterExceptionHandler(
                        (e, _) -> {
                            e.getCommandLine().getErr().println(e.getMessage());
                            e.getCommandLine()
                                    .getErr()
                                    .println("Run with --help to see what is known.");
                            return Problem.Kind.BAD_REQUEST.exitCode();
                        });
    }

    /// A problem is two sentences on standard error; anything else is our mistake and comes with
    /// its trace.
    private static int explain(Exception thrown, CommandLine command) {
        PrintWriter err = command.getErr();
        if (thrown instanceof Problem problem) {
            err.println(problem.what());
            err.println(problem.remedy());
            if (problem.kind() == Problem.Kind.FAILED && problem.getCause() != null) {
                problem.getCause().printStackTrace(err);
            }
            return problem.kind().exitCode();
        }
        thrown.printStackTrace(err);
        return Problem.Kind.FAILED.exitCode();
    }
}
