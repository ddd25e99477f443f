package dev.slimelab.engine.train;

import dev.slimelab.engine.file.Disk;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Checkpoint;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.JsonLines;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where an interrupted run goes on.
///
/// @param from null where it begins again, because it has no whole checkpoint
/// @param skipped later checkpoints that are damaged, and how, as sentences
record Restart(RunDirectory run, @Nullable Checkpoint from, List<String> skipped) {
    private static final Pattern TOKENS = Pattern.compile("step-(\\d{6,})\\.json");

    /// Looks, and changes nothing.
    ///
    /// @throws Problem bad request: where nothing was interrupted
    static Restart of(RunDirectory run) {
        if (!Files.isRegularFile(run.spec())) {
            throw Problem.badRequest(
                    run.path() + " holds no run.", "Name a run directory, which has a spec.json.");
        }
        RunStatus status = RunStatus.read(run.status(), Instant.now());
        if (status != null && status.state() == State.FINISHED) {
            throw Problem.badRequest(
                    run.path() + " is finished.",
                    "To go on from one of its checkpoints with other settings, fork it.");
        }
        if (status != null && !status.state().isFinal()) {
            throw Problem.badRequest(
                    "%s is alive: process %d on %s is training it."
                            .formatted(run.path(), status.pid(), status.host()),
                    "Stop it first, or ask it to resume if it is paused.");
        }
        List<String> skipped = new ArrayList<>();
        return new Restart(run, run.checkpoints().newestWhole(skipped::add), skipped);
    }

    /// Optimiser steps done.
    int step() {
        return from == null ? 0 : from.step();
    }

    /// What was edited in the run's earlier lives, also after the checkpoint: it is made again.
    List<LiveSpec.Made> edits() {
        return edits(run);
    }

    static List<LiveSpec.Made> edits(RunDirectory run) {
        List<LiveSpec.Made> edits = new ArrayList<>();
        for (JsonNode line : new JsonLinesTail(run.events()).poll().lines()) {
            if (line.path("event").asString("").equals("edited")) {
                edits.add(
                        new LiveSpec.Made(
                                line.get("step").intValue(),
                                new Control.Edit(
                                        line.get("path").stringValue(),
                                        line.get("new").doubleValue())));
            }
        }
        return edits;
    }

    /// Cuts everything that came after the checkpoint; the run writes it again.
    ///
    /// @return what happened, for `events.jsonl`
    Map<String, Object> cutBack() {
        // What was measured before the first step is measured again by a run that begins there.
        int last = step() == 0 ? -1 : step();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", step());
        facts.put("metricsCut", JsonLines.cutAfter(run.metrics(), last));
        facts.put("samplesCut", JsonLines.cutAfter(run.samples(), last));
        for (Path file :
                Files.isDirectory(run.tokens()) ? Disk.files(run.tokens()) : List.<Path>of()) {
            Matcher name = TOKENS.matcher(file.getFileName().toString());
            if (name.matches() && Integer.parseInt(name.group(1)) > last) {
                delete(file);
            }
        }
        run.checkpoints().setAsideAfter(from == null ? -1 : from.step());
        if (!skipped.isEmpty()) {
            facts.put("skipped", skipped);
        }
        return facts;
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
