package dev.slimelab.app.plot;

import dev.slimelab.app.chart.ChartExport;
import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.chart.Mark;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// `slimelab plot DIR… -o FILE`: the workbench's figures as files.
@Command(
        name = "plot",
        description = "Writes a figure of one or several runs as picture, drawing or numbers.",
        mixinStandardHelpOptions = true)
public final class PlotCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", arity = "1..*", description = "Run directories.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            description = "Ends in .png, .svg, .pdf, .csv, .tex (PGFPlots) or .tfevents.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path file;

    @Option(
            names = "--chart",
            paramLabel = "NAME",
            defaultValue = "likelihood",
            description =
                    "As in the workbench: likelihood, displacement, margin, gradient-share, score"
                            + " and so on; default: likelihood.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String chart;

    @Override
    public Integer call() throws IOException {
        ChartSpec spec = chart();
        List<ChartSpec.RunCurves> curves = new ArrayList<>();
        List<Mark> marks = List.of();
        for (Path folder : folders) {
            RunDirectory run = new RunDirectory(folder.toAbsolutePath().normalize());
            if (!Files.exists(run.metrics())) {
                throw Problem.badRequest(
                        folder + " is no run: it has no metrics.jsonl.", "Name a run directory.");
            }
            RecordedRun recorded = RecordedRun.read(run);
            curves.add(recorded.curves(curves.size()));
            marks = folders.size() == 1 ? recorded.journal().marks() : List.of();
        }
        new ChartExport(Theme.LIGHT, ChartExport.Size.DEFAULT)
                .write(spec.figure(curves).with(marks), file);
        return 0;
    }

    private ChartSpec chart() {
        return Arrays.stream(ChartSpec.values())
                .filter(known -> Settings.word(known.name()).equals(chart))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "There is no chart \"" + chart + "\".",
                                        "Use one of "
                                                + Arrays.stream(ChartSpec.values())
                                                        .map(known -> Settings.word(known.name()))
                                                        .collect(Collectors.joining(", "))
                                                + "."));
    }
}
