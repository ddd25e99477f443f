package dev.slimelab.engine;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

import java.io.PrintWriter;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

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
            SweepCommand.class,
            QueueCommand.class,
            WorkCommand.class,
            CompareCommand.class,
            ExtrapolateCommand.class,
            RsoCommand.class,
            ImportCommand.class,
            DataCommand.class,
            ModelCommand.class,
            ScoreCommand.class,
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
    /// Libraries that log what no person can do anything about: a graphics card that is not there,
    /// a row group without rows. Held strongly: java.util.logging forgets the level of a logger
    /// that nobody refers to.
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("ai.djl"), Logger.getLogger("org.apache.parquet"));

    private static final int INTERRUPTED = 130;

    /// How long an interrupted command may take to finish its step and save.
    private static final int SAVE_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Runnable stop;

    private Main() {}

    public static void main(String[] arguments) {
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        var main = new Main();
        Runtime.getRuntime().addShutdownHook(new Thread(main::end));
        System.exit(main.execute(arguments));
    }

    private int execute(String[] arguments) {
        try {
            return commandLine(this).execute(arguments);
        } finally {
            ended.countDown();
        }
    }

    /// Lets a command that trains finish its step and save when its process is interrupted or asked
    /// to end.
    ///
    /// @param stop asks the command to end soon
    void onInterrupt(Runnable stop) {
        this.stop = stop;
    }

    /// Ends a process that was interrupted; one that has nothing to save, at once.
    private void end() {
        if (ended.getCount() == 0) {
            return;
        }
        Runnable inOrder = stop;
        if (inOrder == null) {
            endAtOnce();
        } else {
            inOrder.run();
            awaitUninterruptibly();
        }
    }

    /// By `_exit` of the C library. Its `exit`, which [Runtime#halt] calls as well, takes libtorch
    /// down under the kernel that still runs, and may crash.
    private static void endAtOnce() {
        Linker linker = Linker.nativeLinker();
        try {
            linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("_exit"),
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                    .invokeExact(INTERRUPTED);
        } catch (Throwable _) {
            Runtime.getRuntime().halt(INTERRUPTED); // no such function here
        }
    }

    private void awaitUninterruptibly() {
        try {
            if (!ended.await(SAVE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The run did not end in time; its metrics are kept.");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static CommandLine commandLine() {
        return commandLine(new Main());
    }

    private static CommandLine commandLine(Main main) {
        return new CommandLine(main)
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
