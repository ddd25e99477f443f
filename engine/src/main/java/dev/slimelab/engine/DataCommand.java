package dev.slimelab.engine;

import dev.slimelab.engine.data.DataInspection;
import dev.slimelab.engine.data.DataRequest;
import dev.slimelab.engine.data.OnBadRow;
import dev.slimelab.engine.data.RowPage;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.train.DataOfSpec;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            names = "--set",
            paramLabel = "data.PATH=VALUE",
            description = "Any other setting of data, such as data.columns.chosen=COLUMN.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows shown token by token; default: ${DEFAULT-VALUE}.")
    private int rows = 2;

    @Option(
            names = "--from",
            paramLabel = "ROW",
            description = "Shows the rows from that one on, and nothing else.")
    private @Nullable Integer from;

    @Option(
            names = "--only",
            paramLabel = "KIND",
            description =
                    "The same, of one kind: all, used, dropped, or the code of a problem such as"
                            + " duplicate_row.")
    private @Nullable String only;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        ObjectNode settings =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("path", path.toString())
                        .put("format", format)
                        .put("trainSplit", split)
                        .put("template", template)
                        .put("maxLength", maxLength);
        RunSpec.Data data = SpecJson.data(settings, changes);
        DataRequest request =
                new DataRequest(
                        DataOfSpec.source(data, data.trainSplit()),
                        data.template(),
                        data.maxLength(),
                        0,
                        OnBadRow.DROP,
                        new DataRequest.Part.All(),
                        0);
        return from == null && only == null ? inspect(request) : leaf(request);
    }

    private int inspect(DataRequest request) {
        DataInspection inspection;
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            inspection = DataInspection.of(request, tokenizer, rows);
        }
        var page = new DataPage(inspection, request.maxLength());
        if (json) {
            out(List.of(page.json()));
        } else {
            out(page.lines(Ansi.AUTO.enabled()));
        }
        if (inspection.refusal() != null) {
            throw inspection.refusal();
        }
        return 0;
    }

    private int leaf(DataRequest request) {
        var choice =
                new RowPage.Choice(
                        from == null ? 1 : from,
                        rows,
                        only == null ? new RowPage.Only.All() : RowPage.Only.of(only));
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            var shown = new ShownRows(RowPage.of(request, tokenizer, choice));
            out(json ? List.of(shown.json()) : shown.lines(Ansi.AUTO.enabled()));
        }
        return 0;
    }

    private void out(List<String> lines) {
        PrintWriter out = command.commandLine().getOut();
        lines.forEach(out::println);
    }
}
