package dev.slimelab.engine;

import dev.slimelab.engine.train.TrainingRun;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `slimelab resume DIR`: goes on with an interrupted run.
@Command(
        name = "resume",
        description =
                "Goes on with an interrupted run from its newest whole checkpoint, bit for bit as if"
                        + " nothing had happened.",
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer>, EndsInOrder {
    @Parameters(paramLabel = "DIR", description = "The run's folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        return Foreground.train(
                TrainingRun.resume(folder, command.commandLine().getOut()::println), command);
    }
}
