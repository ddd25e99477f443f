package dev.slimelab.engine;

import dev.slimelab.engine.model.Shortcut;
import dev.slimelab.engine.verify.Selection;
import dev.slimelab.engine.verify.Summary;
import dev.slimelab.engine.verify.Verification;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/// `slimelab verify FOLDER`: compares this engine with the numbers of other libraries.
@Command(
        name = "verify",
        description = "Compares this engine with fixtures of other libraries.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FOLDER",
            description = "Holds models/, traces/, losses.json, chat_templates/ or data/.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path folder;

    @Option(
            names = "--only",
            paramLabel = "PART",
            description = "A part or the beginning of cases' names, for example models/llama.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--without",
            paramLabel = "SHORTCUT",
            description = {
                "Runs the traces by the book where this shortcut is concerned; repeatable.",
                "One of ${COMPLETION-CANDIDATES}."
            })
    private Set<Shortcut> without = EnumSet.noneOf(Shortcut.class);

    @Mixin private DeviceOption device = new DeviceOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        Summary summary = new Summary();
        new Verification(folder, new Selection(only), without, device.device())
                .run(
                        outcome -> {
                            summary.add(outcome);
                            out.println(outcome.line());
                        });
        out.println(summary.line());
        return summary.failed() == 0 ? 0 : 1;
    }
}
