package dev.slimelab.engine.compare;

import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a run asked for and came to.
///
/// @param label what its row is called where a plan names it; null otherwise
/// @param settings every value of the spec by its path, and under `objective` the preset's name or
///   [#CUSTOM]
/// @param metrics the last value of every metric
/// @param state null where no engine has said anything
/// @param overlap held-out rows over training rows where the data's seed decides which are held
///   out; 0 where every seed is measured on the same rows
public record RunResult(
        RunDirectory run,
        @Nullable String label,
        Map<String, String> settings,
        Map<String, Double> metrics,
        @Nullable State state,
        double overlap) {
    /// Settings that tell runs of one row apart, and no rows.
    public static final List<String> SEEDS =
            List.of("data.seed", "seeds.initialization", "seeds.order", "seeds.sampling");

    /// An objective that is no preset as it stands.
    public static final String CUSTOM = "custom";

    private static final String OBJECTIVE = "objective";

    /// Settings that say nothing of a result.
    private static final Set<String> VOLATILE =
            Set.of("name", "threads", "device.kind", "device.index");

    public RunResult {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /// Reads a run, finished or not.
    ///
    /// @throws Problem bad request: where the folder holds no run
    public static RunResult read(RunDirectory run, @Nullable String label) {
        RunSpec spec = run.readSpec();
        Map<String, String> settings = SpecJson.values(spec);
        settings.put(
                OBJECTIVE,
                Arrays.stream(Preset.values())
                        .filter(preset -> preset.objective().equals(spec.objective()))
                        .map(Preset::id)
                        .findFirst()
                        .orElse(CUSTOM));
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (JsonNode line : new JsonLinesTail(run.metrics()).poll().lines()) {
            line.properties().stream()
                    .filter(metric -> metric.getValue().isNumber())
                    .forEach(
                            metric ->
                                    metrics.put(metric.getKey(), metric.getValue().doubleValue()));
        }
        RunStatus status = RunStatus.read(run.status(), Instant.now());
        double held = spec.data().evaluationFraction();
        return new RunResult(
                run,
                label,
                settings,
                metrics,
                status == null ? null : status.state(),
                held / (1 - held));
    }

    public boolean isFinished() {
        return state == State.FINISHED;
    }

    /// What tells the run from others of its row: `0`, or `1/0/1/0` where its seeds differ.
    public String seed() {
        List<String> seeds = SEEDS.stream().map(path -> settings.getOrDefault(path, "0")).toList();
        return seeds.stream().distinct().count() == 1 ? seeds.getFirst() : String.join("/", seeds);
    }

    /// The settings that differ between runs, without seeds, names and what leaves results as they
    /// are. Objectives that are all presets differ as `objective`, others value by value.
    public static List<String> differing(List<RunResult> runs) {
        boolean presets =
                runs.stream().noneMatch(run -> CUSTOM.equals(run.settings.get(OBJECTIVE)));
        Set<String> paths = new LinkedHashSet<>();
        runs.forEach(run -> paths.addAll(run.settings.keySet()));
        return paths.stream()
                .filter(path -> !SEEDS.contains(path) && !VOLATILE.contains(path))
                .filter(path -> presets ? !path.startsWith("objective.") : !path.equals(OBJECTIVE))
                .filter(
                        path ->
                                runs.stream()
                                                .map(run -> String.valueOf(run.settings.get(path)))
                                                .distinct()
                                                .count()
                                        > 1)
                .toList();
    }
}
