package dev.slimelab.engine;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.model.Extrapolation;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `slimelab extrapolate LATEST PREVIOUS -o DIR`: the outer step of Accelerated PO.
@Command(
        name = "extrapolate",
        description = {
            "Goes on in the direction of the last iteration: latest + alpha * (latest - previous)",
            "(Accelerated PO, arXiv 2410.06293)."
        },
        mixinStandardHelpOptions = true)
final class ExtrapolateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "LATEST", description = "A PEFT or Hugging Face folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path latest;

    @Parameters(
            index = "1",
            paramLabel = "PREVIOUS",
            description = "The iteration before, as it was trained: not extrapolated itself.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path previous;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "A new folder. An adapter's has twice the rank.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path output;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            defaultValue = "0.3",
            description = "How far; default: ${DEFAULT-VALUE}, as in the paper.")
    private double alpha;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        try (Torch torch = Torch.start(new Device.Cpu(), 1)) {
            new Extrapolation(torch, alpha).write(latest, previous, output);
        }
        command.commandLine().getOut().println("Wrote " + output + ".");
        return 0;
    }
}
