package dev.slimelab.engine;

import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.train.DataShelf;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `slimelab work DIR`: one worker of a queue, as its owner starts it.
@Command(
        name = "work",
        description = "Trains one run of a queue after another; started by its owner.",
        hidden = true,
        mixinStandardHelpOptions = true)
final class WorkCommand implements Callable<Integer> {
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
        try (DataShelf data = new DataShelf()) {
            Worker worker =
                    new Worker(
                            QueueCommand.open(folder),
                            new QueuedTraining(command.commandLine().getOut()::println, data));
            main.onInterrupt(worker::stop);
            worker.work();
        }
        return 0;
    }
}
