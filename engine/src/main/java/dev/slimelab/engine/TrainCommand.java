package dev.slimelab.engine;

import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
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

/// `slimelab train SPEC`: trains in the foreground until done, stopped or interrupted.
@Command(
        name = "train",
        description = "Trains as a spec says and leaves a run directory.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SPEC", description = "What to train, in JSON or YAML.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path specFile;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description = "The run's folder; default: runs/NAME.")
    private @Nullable Path run;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of the spec, for example objective.stabiliser.p=2.")
    private List<String> changes = new ArrayList<>();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        RunSpec spec = SpecJson.read(specFile, changes);
        Path folder = run == null ? Path.of("runs", spec.name()) : run;
        return Foreground.train(
                new TrainingRun(spec, folder, command.commandLine().getOut()::println),
                command,
                main);
    }
}
