package dev.slimelab.engine;

import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.train.Fork;
import dev.slimelab.engine.train.TrainingRun;

import org.jspecify.annotations.Nullable;

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

/// `slimelab fork DIR --at STEP`: a new run from a checkpoint of another, with other settings.
@Command(
        name = "fork",
        description = "Starts a new run from a checkpoint of another one, with declared changes.",
        mixinStandardHelpOptions = true)
final class ForkCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The parent run's folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path parent;

    @Option(
            names = "--at",
            paramLabel = "STEP",
            required = true,
            description = "The step of a checkpoint of the parent.")
    private int at;

    @Option(
            names = "--run",
            paramLabel = "NEW",
            description = "The new run's folder; default: beside the parent, DIR-fork-STEP.")
    private @Nullable Path run;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of the spec, for example objective.stabiliser.p=2.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--prepare",
            description =
                    "Only makes the new run and prints its folder; `slimelab resume NEW` starts"
                            + " it.")
    private boolean prepare;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        RunDirectory child =
                new Fork(new RunDirectory(parent.toAbsolutePath().normalize()), at, changes)
                        .make(run);
        if (prepare) {
            command.commandLine().getOut().println(child.path());
            return 0;
        }
        return Foreground.train(
                TrainingRun.resume(child.path(), command.commandLine().getOut()::println),
                command,
                main);
    }
}
