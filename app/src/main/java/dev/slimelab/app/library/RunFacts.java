package dev.slimelab.app.library;

import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is known of a run without opening it again: enough to list, sort, filter and group it.
///
/// @param objective its name, as [ObjectiveName] gives it
/// @param settings of the spec, by path
/// @param metrics the last value of each, by key
/// @param environment by path
public record RunFacts(
        String objective,
        Map<String, Value> settings,
        Map<String, Value> metrics,
        Map<String, Value> environment) {
    /// Of a run that has not been looked into yet.
    public static final RunFacts UNKNOWN = new RunFacts("", Map.of(), Map.of(), Map.of());

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String LEARNING_RATE = "optimization.learningRate";
    private static final String SEED = "seeds.order";

    /// Measured at evaluations only: with it the last lines have everything.
    private static final String RARE_METRIC = "\"logps_delta/chosen\"";

    private static final int FIRST_LOOK = 1 << 15;
    private static final int LAST_LOOK = 1 << 20;

    static RunFacts ofSpec(RunSpec spec) {
        Map<String, Value> settings = new TreeMap<>();
        flatten(SpecJson.toTree(spec), "", settings);
        settings.remove("name");
        return new RunFacts(ObjectiveName.of(spec.objective()), settings, Map.of(), Map.of());
    }

    RunFacts withMetrics(Map<String, Value> last) {
        return new RunFacts(objective, settings, last, environment);
    }

    RunFacts withEnvironment(Map<String, Value> other) {
        return new RunFacts(objective, settings, metrics, other);
    }

    /// Objective, learning rate and seed, for small print.
    String inShort() {
        return objective.isEmpty()
                ? "settings are being read"
                : objective
                        + " · lr "
                        + settings.getOrDefault(LEARNING_RATE, Value.NONE).text()
                        + " · seed "
                        + settings.getOrDefault(SEED, Value.NONE).text();
    }

    /// What `environment.json` says; empty where there is none.
    static Map<String, Value> environment(RunDirectory run) {
        Map<String, Value> environment = new TreeMap<>();
        try {
            flatten(JSON.readTree(Files.readString(run.environment())), "", environment);
        } catch (IOException | JacksonException _) {
            environment.clear(); // not there yet, or just being written: the next look finds it
        }
        return environment;
    }

    /// The last value of every metric: from the end of the file backwards until an evaluation.
    static Map<String, Value> lastMetrics(RunDirectory run) {
        try (FileChannel file = FileChannel.open(run.metrics())) {
            for (int look = FIRST_LOOK; ; look *= 4) {
                String end = end(file, look);
                if (look >= Math.min(LAST_LOOK, file.size()) || end.contains(RARE_METRIC)) {
                    return last(end, look >= file.size());
                }
            }
        } catch (NoSuchFileException _) {
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String end(FileChannel file, int bytes) throws IOException {
        int length = (int) Math.min(bytes, file.size());
        ByteBuffer buffer = ByteBuffer.allocate(length);
        long from = file.size() - length;
        while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
            // until all is read, or the file has been cut meanwhile
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    /// @param whole whether the text begins with a line's beginning
    private static Map<String, Value> last(String end, boolean whole) {
        List<String> lines = end.lines().toList();
        Map<String, Value> metrics = new TreeMap<>();
        boolean evaluated = false;
        for (int i = lines.size() - 1; i >= (whole ? 0 : 1) && !evaluated; i--) {
            evaluated = lines.get(i).contains(RARE_METRIC);
            try {
                JSON.readTree(lines.get(i))
                        .properties()
                        .forEach(
                                metric -> {
                                    if (metric.getValue().isNumber()) {
                                        double number = metric.getValue().doubleValue();
                                        metrics.putIfAbsent(metric.getKey(), Value.of(number));
                                    }
                                });
            } catch (JacksonException _) {
                // the last line of a run that is writing it
            }
        }
        return metrics;
    }

    private static void flatten(JsonNode node, String path, Map<String, Value> into) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                flatten(entry.getValue(), below, into);
            }
        } else {
            into.put(path, Value.of(node));
        }
    }

    /// The settings in which runs differ that are worth a column or an axis of their own: not those
    /// of the objective, whose name tells, and not where files lie.
    public static List<String> telling(List<RunFacts> runs) {
        return differing(runs).keySet().stream()
                .filter(key -> !key.startsWith("objective."))
                .filter(key -> !key.toLowerCase(Locale.ROOT).endsWith("path"))
                .toList();
    }

    /// The settings in which runs differ, with how many values each has.
    public static Map<String, Integer> differing(List<RunFacts> all) {
        List<RunFacts> runs = all.stream().filter(run -> !run.settings().isEmpty()).toList();
        Map<String, Set<Value>> values = new TreeMap<>();
        runs.forEach(
                run -> run.settings().keySet().forEach(key -> values.put(key, new HashSet<>())));
        values.forEach(
                (key, seen) ->
                        runs.forEach(
                                run -> seen.add(run.settings().getOrDefault(key, Value.NONE))));
        Map<String, Integer> differing = new LinkedHashMap<>();
        values.forEach(
                (key, seen) -> {
                    if (seen.size() > 1) {
                        differing.put(key, seen.size());
                    }
                });
        return differing;
    }
}
