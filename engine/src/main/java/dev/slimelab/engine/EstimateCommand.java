package dev.slimelab.engine;

import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;
import dev.slimelab.engine.train.Estimate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `slimelab estimate SPEC.json`: the memory and time that a run will need.
@Command(
        name = "estimate",
        description = {
            "Says how much memory and time a run will need, after a few of its steps: some of all",
            "lengths, and the longest. Writes nothing."
        },
        mixinStandardHelpOptions = true)
final class EstimateCommand implements Callable<Integer> {
    private static final double GIGABYTE = 1e9;

    @Parameters(paramLabel = "SPEC.json", description = "What would be trained.")
    @SuppressWarnings("NullAway.Init") // picocli sets it or refuses
    private Path specFile;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Changes one value of the spec.")
    private List<String> changes = new ArrayList<>();

    @Option(names = "--json", description = "One JSON object instead of sentences.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Override
    public Integer call() {
        RunSpec spec = SpecJson.read(specFile, changes);
        Estimate estimate = Estimate.of(spec);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(estimate));
            return 0;
        }
        out.printf(
                "Memory: %.1f GB of this machine's %.1f GB, with %,d tokens in the longest"
                        + " micro-batch.%n",
                estimate.peakBytes() / GIGABYTE,
                estimate.machineBytes() / GIGABYTE,
                estimate.longestTokens());
        out.printf(
                "Tensors on %s: %.1f GB (weights and what trains them %.1f, kept for backward %.1f,"
                        + " working memory about %.1f).%n",
                estimate.device(),
                estimate.tensors().total() / GIGABYTE,
                estimate.tensors().lasting().total() / GIGABYTE,
                estimate.tensors().kept() / GIGABYTE,
                estimate.tensors().working() / GIGABYTE);
        if (!Double.isNaN(estimate.deviceBytes())) {
            out.printf(
                    "Device memory: %.1f GB in use of %.1f GB, everything on the card together.%n",
                    estimate.devicePeakBytes() / GIGABYTE, estimate.deviceBytes() / GIGABYTE);
        }
        Duration time = Duration.ofSeconds(Math.round(estimate.trainingSeconds()));
        out.printf(
                "Time: %d h %02d min %02d s for %,d steps and %,d tokens, and what is measured"
                        + " between them.%n",
                time.toHours(),
                time.toMinutesPart(),
                time.toSecondsPart(),
                estimate.steps(),
                estimate.tokens());
        return 0;
    }
}
