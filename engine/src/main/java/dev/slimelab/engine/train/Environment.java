package dev.slimelab.engine.train;

import dev.slimelab.engine.data.DataReport;
import dev.slimelab.engine.device.DeviceChoice;
import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.Sha256;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.WeightFiles;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes `environment.json`: what a run's numbers depend on beside its spec.
final class Environment {
    private static final String MAIN = "dev.slimelab.engine.Main";

    private Environment() {}

    static void write(RunDirectory run, RunSpec spec, LanguageModel model, List<DataReport> data) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.runtime.version"));
        facts.put(
                "os",
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"));
        facts.put("host", RunStatus.localHost());
        DeviceChoice choice = model.torch().choice();
        facts.put("libtorch", model.torch().version());
        facts.put("libtorchFrom", choice.way().words());
        facts.put("device", choice.device().toString());
        facts.put("deviceWhy", choice.why());
        facts.put("gpu", choice.gpusInWords());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("threads", model.torch().threads());
        facts.put("seeds", SpecJson.toTree(spec).get("seeds"));
        facts.put("modelSha256", modelDigest(spec));
        facts.put("dataSha256", data.isEmpty() ? null : data.getFirst().sha256());
        facts.put(
                "dataReport",
                data.isEmpty()
                        ? null
                        : data.stream().flatMap(report -> report.sentences().stream()).toList());
        facts.put("command", command());
        AtomicFile.write(
                run.environment(),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(facts)
                        + "\n");
    }

    /// The threads that an earlier start of a run computed with; null where it did not come so far.
    static @Nullable Integer threads(RunDirectory run) {
        JsonNode threads = read(run).path("threads");
        return threads.isInt() ? threads.intValue() : null;
    }

    /// Refuses to go on with other data or another model than an earlier start of a run had.
    ///
    /// @throws Problem bad request: where a file has changed since
    static void requireUnchanged(RunDirectory run, RunSpec spec, List<DataReport> data) {
        JsonNode earlier = read(run);
        require(earlier.path("modelSha256"), modelDigest(spec), "model in " + spec.model().path());
        require(
                earlier.path("dataSha256"),
                data.isEmpty() ? null : data.getFirst().sha256(),
                "data in " + spec.data().path());
    }

    private static void require(JsonNode earlier, @Nullable String digest, String what) {
        if (earlier.isString() && !earlier.stringValue().equals(digest)) {
            throw Problem.badRequest(
                    "The " + what + " has changed since the run began.",
                    "Put it back, or train a new run.");
        }
    }

    private static JsonNode read(RunDirectory run) {
        return Files.exists(run.environment())
                ? JsonMapper.shared().readTree(run.environment())
                : MissingNode.getInstance();
    }

    /// What a person would type: the arguments after the engine's main class. Null where another
    /// main runs.
    ///
    /// (Not from `ProcessHandle`: it gives no arguments where they take more than 4,096 bytes.)
    private static @Nullable String command() {
        String command = System.getProperty("sun.java.command", "");
        return command.startsWith(MAIN + " ")
                ? "slimelab" + command.substring(MAIN.length())
                : null;
    }

    private static @Nullable String modelDigest(RunSpec spec) {
        String path = spec.model().path();
        try {
            return path == null ? null : Sha256.of(WeightFiles.in(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
