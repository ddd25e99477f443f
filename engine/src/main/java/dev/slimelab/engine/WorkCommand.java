package dev.slimelab.engine;

import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.train.DataShelf;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// `slimelab work DIR`: one worker of a queue, as its owner starts it.
@Command(
        name = "work",
        description = "Trains one run of a queue after another; started by its owner.",
        hidden = true,
        mixinStandardHelpOptions = true)
final class WorkCommand implements Callable<Integer>, EndsInOrder {
    @Parameters(paramLabel = "DIR", description = "The folder whose queue it is.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (DataShelf data = new DataShelf()) {
            Worker worker =
                    new Worker(
                            QueueCommand.open(folder),
                            new QueuedTraining(command.commandLine().getOut()::println, data));
            Foreground.onInterrupt(worker::stop, ended);
            worker.work();
        } finally {
            ended.countDown();
        }
        return 0;
    }
}
