package dev.slimelab.engine;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.Owner;
import dev.slimelab.engine.queue.QueueProgress;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.sweep.SweepFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/// `slimelab queue DIR`: works off the queue of a folder, from where it stands.
@Command(
        name = "queue",
        description = "Works off the queue of a folder of runs, from where it stands.",
        mixinStandardHelpOptions = true)
final class QueueCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder whose queue it is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path folder;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        return exitCode(work(open(folder), command.commandLine().getOut(), main));
    }

    /// The queue of a folder.
    ///
    /// @throws Problem bad request: where it has none
    static RunQueue open(Path folder) {
        RunQueue queue = new RunQueue(folder);
        if (!queue.exists()) {
            throw Problem.badRequest(
                    folder + " has no queue.", "Fill one with `slimelab sweep FILE --out DIR`.");
        }
        return queue;
    }

    /// Keeps workers alive until everything has ended, next stages of sweeps included.
    static List<Entry> work(RunQueue queue, PrintWriter out, Main main)
            throws InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Owner owner =
                new Owner(queue, Owner.workers(java, System.getProperty("java.class.path"), queue));
        main.onInterrupt(owner::stop);
        return owner.run(
                new QueueProgress(out, isOnTerminal(), queue),
                () ->
                        SweepFolder.in(queue.folder()).stream()
                                .map(sweep -> sweep.advance(queue))
                                .reduce(false, Boolean::logicalOr));
    }

    static int exitCode(List<Entry> entries) {
        return entries.stream()
                        .allMatch(
                                entry ->
                                        entry.state() == Entry.State.FINISHED
                                                || entry.state() == Entry.State.CANCELLED)
                ? 0
                : Problem.Kind.FAILED.exitCode();
    }

    @SuppressWarnings("SystemConsoleNull") // null where output is redirected, on JDK 25 again
    private static boolean isOnTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
