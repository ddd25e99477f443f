package dev.slimelab.engine;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Region;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.train.Scoring;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// `slimelab score SPEC`: where the pairs and tokens of a spec's data stand on the axes of its
/// objective before the first step.
@Command(
        name = "score",
        description =
                "Says where real pairs and tokens stand on the objective's axes before training.",
        mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SPEC",
            description = "JSON or YAML: whose model reads whose data, under which objective.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path specFile;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "How many pairs, evenly spread over the data; default: ${DEFAULT-VALUE}.")
    private int pairs = 64;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of the spec.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--json",
            description = "One JSON object with every token's log-prob, instead of text.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        RunSpec spec = SpecJson.read(specFile, changes);
        PairScores scores = Scoring.score(spec, pairs);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(scores.json());
        } else {
            lines(spec.objective(), scores).forEach(out::println);
        }
        return 0;
    }

    private static List<String> lines(Objective objective, PairScores scores) {
        double[][] chosen = scores.logps().chosen();
        double[][] rejected = scores.logps().rejected();
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%,d of %,d rows, %,d chosen and %,d rejected tokens",
                        scores.rows().size(),
                        scores.of(),
                        tokens(chosen).length,
                        tokens(rejected).length));
        var contrast = objective.contrast();
        if (contrast != null) {
            double[] z =
                    Arrays.stream(objective.comparisons(scores.logps()))
                            .filter(Double::isFinite)
                            .toArray();
            lines.add("pairs by z, " + spread(z));
            contrast.regions(objective.beta()).forEach(region -> lines.add(share(region, z)));
        }
        var stabiliser = objective.stabiliser();
        if (stabiliser != null) {
            double[] logps =
                    Stream.of(
                                    stabiliser.readsChosen() ? tokens(chosen) : new double[0],
                                    stabiliser.readsRejected() ? tokens(rejected) : new double[0])
                            .flatMapToDouble(Arrays::stream)
                            .toArray();
            lines.add("tokens by log-prob, " + spread(logps));
            stabiliser.regions().forEach(region -> lines.add(share(region, logps)));
        }
        return lines;
    }

    private static double[] tokens(double[][] completions) {
        return Arrays.stream(completions).flatMapToDouble(Arrays::stream).toArray();
    }

    private static String spread(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted.length == 0
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "from %.3f to %.3f, median %.3f",
                        sorted[0],
                        sorted[sorted.length - 1],
                        sorted[sorted.length / 2]);
    }

    private static String share(Region region, double[] values) {
        long inside = Arrays.stream(values).filter(region::contains).count();
        return String.format(
                Locale.ROOT,
                "  %5.1f %%  %s",
                values.length == 0 ? 0 : 100.0 * inside / values.length,
                region.label());
    }
}
