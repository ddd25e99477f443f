package dev.slimelab.engine.train;

import dev.slimelab.engine.file.AtomicFolder;
import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.JsonLinesWriter;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Makes a new run that shares its parent's life up to a checkpoint, to be resumed from there with
/// other settings.
///
/// @param at steps the two runs share
/// @param changes `path=value`, as `--set` takes them
public record Fork(RunDirectory parent, int at, List<String> changes) {
    /// Settings that the state depends on, and what holds them fast. A setting below one of these
    /// paths counts too.
    private static final Map<String, String> FIXED =
            Map.of(
                    "stage", "the data's rows were made for it",
                    "model", "the weights belong to it",
                    "adapter", "the weights have its shape",
                    "data", "the place in it is part of the state",
                    "seeds.order", "it decides the place in the data and what is held out",
                    "seeds.initialization", "what was drawn from it is part of the state",
                    "optimization.batchPairs", "the place in the data is counted in batches",
                    "evaluation.probePairs", "changes are counted from these pairs");

    /// Writes the new run's folder, which appears whole or not at all.
    ///
    /// @param folder null for one beside the parent's
    /// @return the new run, which [TrainingRun#resume] starts
    /// @throws Problem bad request: where there is no whole checkpoint of that step, a change
    ///   cannot be made, or the folder is taken
    public RunDirectory make(@Nullable Path folder) {
        Checkpoint checkpoint = checkpoint();
        RunSpec shared = sharedSpec();
        RunSpec spec = SpecJson.changed(shared, changes);
        Map<String, Object> changed = requirePossible(shared, spec);
        RunDirectory child =
                new RunDirectory((folder == null ? beside() : folder).toAbsolutePath().normalize());
        if (Files.exists(child.path())) {
            throw Problem.badRequest(
                    child.path() + " exists already.", "Choose another folder with --run.");
        }
        try {
            Files.createDirectories(child.path().resolveSibling(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFolder.write(
                child.path(),
                aside -> {
                    RunDirectory made = new RunDirectory(aside);
                    made.freeze(spec);
                    copyHistory(checkpoint, made);
                    try (JsonLinesWriter events = new JsonLinesWriter(made.events())) {
                        events.append(event(child, changed));
                    }
                    Disk.force(made.events());
                });
        return child;
    }

    private Checkpoint checkpoint() {
        if (!Files.isRegularFile(parent.spec())) {
            throw Problem.badRequest(
                    parent.path() + " holds no run.",
                    "Name a run directory, which has a spec.json.");
        }
        Checkpoint checkpoint = parent.checkpoints().at(at);
        String damage = checkpoint.damage();
        if (damage != null) {
            String known =
                    parent.checkpoints().all().stream()
                            .map(each -> Integer.toString(each.step()))
                            .collect(Collectors.joining(", "));
            throw Problem.badRequest(
                    Files.exists(checkpoint.path())
                            ? "The checkpoint " + checkpoint.path() + " is damaged: " + damage + "."
                            : parent.path() + " has no checkpoint of step " + at + ".",
                    known.isEmpty()
                            ? "Ask a run for checkpoints with checkpoint.everySteps."
                            : "It has checkpoints of the steps " + known + ".");
        }
        return checkpoint;
    }

    /// The parent's request with what was edited before the checkpoint.
    private RunSpec sharedSpec() {
        var live =
                new LiveSpec(
                        parent.readSpec(),
                        Restart.edits(parent).stream().filter(made -> made.step() <= at).toList());
        live.advance(at);
        return live.current();
    }

    private Map<String, Object> requirePossible(RunSpec shared, RunSpec spec) {
        Map<String, Object> changed = new LinkedHashMap<>();
        Map<String, List<@Nullable String>> differences =
                SpecJson.differences(List.of(shared, spec));
        differences.forEach(
                (path, values) -> {
                    FIXED.forEach(
                            (fixed, reason) -> {
                                if ((path + ".").startsWith(fixed + ".")) {
                                    throw Problem.badRequest(
                                            "A fork cannot change %s, because %s."
                                                    .formatted(path, reason),
                                            "Train a new run for that.");
                                }
                            });
                    Map<String, Object> change = new LinkedHashMap<>();
                    change.put("old", String.valueOf(values.getFirst()));
                    change.put("new", String.valueOf(values.getLast()));
                    changed.put(path, change);
                });
        Integer maxSteps = spec.optimization().maxSteps();
        if (maxSteps != null && maxSteps <= at) {
            throw Problem.badRequest(
                    "optimization.maxSteps is %d, but %d steps are done.".formatted(maxSteps, at),
                    "Ask for more steps.");
        }
        return changed;
    }

    private Path beside() {
        String name = "%s-fork-%d".formatted(parent.name(), at);
        Path wanted = parent.path().resolveSibling(name);
        for (int number = 2; Files.exists(wanted); number++) {
            wanted = parent.path().resolveSibling(name + "-" + number);
        }
        return wanted;
    }

    private void copyHistory(Checkpoint checkpoint, RunDirectory made) {
        List<Path> shared =
                new ArrayList<>(
                        List.of(
                                parent.environment(),
                                parent.metrics(),
                                parent.samples(),
                                parent.tokens()));
        shared.removeIf(Files::notExists);
        for (Path each : shared) {
            Disk.copy(each, made.path().resolve(each.getFileName()));
        }
        Checkpoint copy = made.checkpoints().at(at);
        try {
            Files.createDirectories(copy.path().resolveSibling(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Disk.copy(checkpoint.path(), copy.path());
        new Restart(made, copy, List.of()).cutBack();
    }

    private Map<String, Object> event(RunDirectory child, Map<String, Object> changed) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("time", Instant.now().toString());
        event.put("event", "forked");
        event.put("step", at);
        event.put("parent", child.path().relativize(parent.path()).toString().replace('\\', '/'));
        event.put("changes", changed);
        return event;
    }
}
