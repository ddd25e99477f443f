package dev.slimelab.app.library;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// The facts of all runs of a folder in one file, so that a thousand runs are listed without
/// opening a thousand folders: `.library.json` beside the runs. It may be deleted at any time.
///
/// Keys are written once, values as one row a run. What was read of a file is believed as long as
/// the file's stamp is the same.
final class RunIndex {
    /// What was read of a run.
    ///
    /// @param specStamp when its spec was written, in nanoseconds since 1970
    /// @param metricsSize in bytes, when the last metrics were read
    /// @param statusStamp when the status was written; 0 where it was not final
    /// @param status the last word of a run that has ended
    record Known(
            long specStamp,
            long metricsSize,
            long statusStamp,
            @Nullable RunStatus status,
            RunFacts facts) {
        static final Known NOTHING = new Known(0, -1, 0, null, RunFacts.UNKNOWN);

        Known withFacts(long spec, RunFacts other) {
            return new Known(spec, metricsSize, statusStamp, status, other);
        }

        Known withMetrics(long size, Map<String, Value> metrics) {
            return new Known(specStamp, size, statusStamp, status, facts.withMetrics(metrics));
        }

        Known withStatus(long stamp, RunStatus last) {
            return new Known(specStamp, metricsSize, stamp, last, facts);
        }
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int VERSION = 1;

    private RunIndex() {}

    static Path file(Path runs) {
        return runs.resolve(".library.json");
    }

    /// Empty where there is no index, or none of this version.
    static Map<String, Known> read(Path runs) {
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file(runs)));
            if (tree.path("version").asInt(0) != VERSION) {
                return new LinkedHashMap<>();
            }
            List<String> settings = keys(tree.path("settings"));
            List<String> metrics = keys(tree.path("metrics"));
            List<String> environment = keys(tree.path("environment"));
            Map<String, Known> runsByName = new LinkedHashMap<>();
            for (JsonNode run : tree.path("runs")) {
                RunFacts facts =
                        new RunFacts(
                                run.path("objective").asString(""),
                                row(settings, run.path("settings")),
                                row(metrics, run.path("metrics")),
                                row(environment, run.path("environment")));
                JsonNode status = run.path("status");
                runsByName.put(
                        run.path("name").asString(""),
                        new Known(
                                run.path("specStamp").asLong(0),
                                run.path("metricsSize").asLong(-1),
                                run.path("statusStamp").asLong(0),
                                status.isObject()
                                        ? JSON.treeToValue(status, RunStatus.class)
                                        : null,
                                facts));
            }
            return runsByName;
        } catch (IOException | JacksonException _) {
            return new LinkedHashMap<>();
        }
    }

    static void write(Path runs, Map<String, Known> known) {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("version", VERSION);
        List<String> settings = allKeys(known, RunFacts::settings, tree.putArray("settings"));
        List<String> metrics = allKeys(known, RunFacts::metrics, tree.putArray("metrics"));
        List<String> environment =
                allKeys(known, RunFacts::environment, tree.putArray("environment"));
        ArrayNode rows = tree.putArray("runs");
        known.forEach(
                (name, run) -> {
                    ObjectNode row = rows.addObject();
                    row.put("name", name);
                    row.put("specStamp", run.specStamp());
                    row.put("metricsSize", run.metricsSize());
                    row.put("statusStamp", run.statusStamp());
                    if (run.status() != null) {
                        row.set("status", JSON.valueToTree(run.status()));
                    }
                    row.put("objective", run.facts().objective());
                    fill(row.putArray("settings"), settings, run.facts().settings());
                    fill(row.putArray("metrics"), metrics, run.facts().metrics());
                    fill(row.putArray("environment"), environment, run.facts().environment());
                });
        try {
            RunDirectory.replace(file(runs), JSON.writeValueAsString(tree));
        } catch (Problem _) {
            // Another window writes it at this moment, or nobody can: the runs are read without it.
        }
    }

    private static List<String> keys(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static List<String> allKeys(
            Map<String, Known> known, Function<RunFacts, Map<String, Value>> of, ArrayNode into) {
        TreeSet<String> keys = new TreeSet<>();
        known.values().forEach(run -> keys.addAll(of.apply(run.facts()).keySet()));
        keys.forEach(into::add);
        return new ArrayList<>(keys);
    }

    /// A number, words, or null for what a run does not have. Words that are empty are settings
    /// that are none.
    private static void fill(ArrayNode row, List<String> keys, Map<String, Value> values) {
        for (String key : keys) {
            Value value = values.get(key);
            if (value == null) {
                row.addNull();
            } else if (value.isNumber()) {
                row.add(value.number());
            } else {
                row.add(value.text());
            }
        }
    }

    private static Map<String, Value> row(List<String> keys, JsonNode values) {
        Map<String, Value> row = LinkedHashMap.newLinkedHashMap(keys.size());
        int i = 0;
        for (JsonNode value : values) {
            if (!value.isNull()) {
                row.put(keys.get(i), Value.of(value));
            }
            i++;
        }
        return row;
    }
}
