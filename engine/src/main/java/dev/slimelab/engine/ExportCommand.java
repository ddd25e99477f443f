package dev.slimelab.engine;

import dev.slimelab.engine.kernel.Torch;
import dev.slimelab.engine.spec.Precision;
import dev.slimelab.engine.train.Export;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/// `slimelab export DIR --to peft|merged`: writes what was trained for other programs.
@Command(
        name = "export",
        description = "Writes what a run has trained as a PEFT or a Hugging Face folder.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "A run directory or a Hugging Face folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path folder;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "peft|merged",
            description = "The adapter alone, or the whole model with it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Export.Target target;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "The folder to write; default: export/peft or export/merged in DIR.")
    private @Nullable Path out;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "A PEFT folder, instead of the run's own or with the folder's model.")
    private @Nullable Path adapter;

    @Option(
            names = "--precision",
            paramLabel = "fp32|bf16",
            description = "Of the merged weights; default: the run's, fp32 for a model folder.")
    private @Nullable Precision precision;

    @Mixin private DeviceOption device = new DeviceOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        String word = target.name().toLowerCase(Locale.ROOT);
        Path into = out == null ? folder.resolve("export").resolve(word) : out;
        try (Torch torch = Torch.start(device.device(), null)) {
            double difference = new Export(folder, adapter, precision).write(torch, target, into);
            command.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "Exported to %s; read back, its logits differ by %.1e of the largest.%n",
                            into,
                            difference);
        }
        return 0;
    }
}
