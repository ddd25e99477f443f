package dev.slimelab.engine;

import dev.slimelab.engine.train.TrainingRun;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `slimelab resume DIR`: goes on with an interrupted run.
@Command(
        name = "resume",
        description =
                "Goes on with an interrupted run from its newest whole checkpoint, bit for bit as if"
                        + " nothing had happened.",
        mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The run's folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path folder;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "Another device, optimization.microBatchPairs or"
                            + " optimization.gradientCheckpointing, which change results by"
                            + " rounding only.")
    private List<String> changes = new ArrayList<>();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        return Foreground.train(
                TrainingRun.resume(folder, changes, command.commandLine().getOut()::println),
                command,
                main);
    }
}
