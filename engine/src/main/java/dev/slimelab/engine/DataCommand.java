package dev.slimelab.engine;

import dev.slimelab.engine.data.DataInspection;
import dev.slimelab.engine.data.DataRequest;
import dev.slimelab.engine.data.OnBadRow;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `slimelab data FILE --model DIR`: what a run would make of a file, before any run.
@Command(
        name = "data",
        description = "Says what a file of preferences holds and what a model would see of it.",
        mixinStandardHelpOptions = true)
final class DataCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "JSON lines, JSON, CSV or Parquet, gzipped or not, or a dataset folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path path;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "A folder with tokenizer.json.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path model;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "What the columns mean, as data.format; default: ${DEFAULT-VALUE}.")
    private String format = RunSpec.Data.AUTO;

    @Option(names = "--split", paramLabel = "SPLIT", description = "Of a dataset folder.")
    private @Nullable String split;

    @Option(names = "--template", paramLabel = "TEMPLATE", description = "As data.template.")
    private @Nullable String template;

    @Option(
            names = "--max-length",
            paramLabel = "TOKENS",
            description = "As data.maxLength; default: ${DEFAULT-VALUE}.")
    private int maxLength = 1024;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows shown token by token; default: ${DEFAULT-VALUE}.")
    private int rows = 2;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        PairSource source =
                PairSource.of(path, split, format.equals(RunSpec.Data.AUTO) ? null : format);
        DataRequest request =
                new DataRequest(
                        source,
                        template,
                        maxLength,
                        0,
                        OnBadRow.DROP,
                        new DataRequest.Part.All(),
                        0);
        DataInspection inspection;
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            inspection = DataInspection.of(request, tokenizer, rows);
        }
        PrintWriter out = command.commandLine().getOut();
        var page = new DataPage(inspection, maxLength);
        if (json) {
            out.println(page.json());
        } else {
            page.lines(Ansi.AUTO.enabled()).forEach(out::println);
        }
        if (inspection.refusal() != null) {
            throw inspection.refusal();
        }
        return 0;
    }
}
