package dev.slimelab.engine;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.spec.TrlConfig;
import dev.slimelab.engine.spec.TrlObjective.Trainer;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `slimelab import CONFIG -o SPEC.json`: a configuration of TRL as a spec, and what of it has no
/// equivalent.
@Command(
        name = "import",
        description = "Writes a TRL configuration as a spec and names what has no equivalent.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML or JSON of one of TRL's trainers.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path config;

    @Option(
            names = "--trainer",
            paramLabel = "TRAINER",
            description =
                    "dpo, dpo-027 (TRL up to 0.27), cpo, orpo, kto, bco or slime; default: as its"
                            + " settings tell.")
    private @Nullable String trainer;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "SPEC.json",
            required = true,
            description = "Where the spec is written; must not exist.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path output;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of the spec, for example model.path=FOLDER.")
    private List<String> changes = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        if (Files.exists(output)) {
            throw Problem.badRequest(output + " exists.", "Name another file, or delete it.");
        }
        TrlConfig.Imported imported =
                TrlConfig.read(config, trainer == null ? null : Trainer.named(trainer));
        Path folder = requireNonNull(output.toAbsolutePath().normalize().getParent());
        AtomicFile.write(output, SpecJson.text(imported.spec(changes), folder));
        out.println("Wrote " + output + ".");
        imported.notes().forEach(out::println);
        return 0;
    }
}
