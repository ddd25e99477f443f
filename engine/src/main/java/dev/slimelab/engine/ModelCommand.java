package dev.slimelab.engine;

import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.train.ModelPage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `slimelab model SPEC|FOLDER`: a model's numbers and what training it keeps in memory, read from
/// its configuration and the headers of its files.
@Command(
        name = "model",
        description = "Says what a model is made of and what follows for memory by arithmetic.",
        mixinStandardHelpOptions = true)
final class ModelCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SPEC|FOLDER",
            description =
                    "A spec, whose model, precision and adapter count, or a Hugging Face folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path target;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of the spec.")
    private List<String> changes = new ArrayList<>();

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        Map<String, Object> page =
                Files.isDirectory(target)
                        ? ModelPage.of(target)
                        : ModelPage.of(SpecJson.read(target, changes));
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(page));
        } else {
            page.forEach((name, value) -> out.println(name + ": " + value));
        }
        return 0;
    }
}
