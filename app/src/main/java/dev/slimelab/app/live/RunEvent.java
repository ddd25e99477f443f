package dev.slimelab.app.live;

import dev.slimelab.app.look.Numbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line of `events.jsonl`: what a person asked for, when the engine acted, and alarms.
public sealed interface RunEvent {
    /// When it was written.
    Instant time();

    /// Optimiser steps done by then.
    int step();

    /// What happened, for a person.
    String sentence();

    /// Trouble was seen.
    ///
    /// @param name `displacement`, `degeneration/entropy` and so on
    record Alarm(Instant time, int step, String name, String sentence) implements RunEvent {}

    /// A trouble has gone.
    record Cleared(Instant time, int step, String name) implements RunEvent {
        @Override
        public String sentence() {
            return "Over: " + words(name) + ".";
        }
    }

    /// A number of the spec is another one from the next step on.
    ///
    /// @param by who asked, null where nobody said
    record Edited(
            Instant time, int step, String path, double old, double value, @Nullable String by)
            implements RunEvent {
        @Override
        public String sentence() {
            return path
                    + " "
                    + Numbers.shortest(old)
                    + " → "
                    + Numbers.shortest(value)
                    + (by == null ? "." : ", by " + by + ".");
        }
    }

    /// An edit that could not be.
    record Refused(Instant time, int step, String sentence) implements RunEvent {}

    /// The run goes on after an interruption.
    record Resumed(Instant time, int step) implements RunEvent {
        @Override
        public String sentence() {
            return "Resumed after step " + step + ".";
        }
    }

    /// The run began as a copy of another one.
    ///
    /// @param changes `path old → new`
    record Forked(Instant time, int step, String parent, List<String> changes) implements RunEvent {
        @Override
        public String sentence() {
            return "Forked from "
                    + parent
                    + (changes.isEmpty() ? "" : ": " + String.join(", ", changes))
                    + ".";
        }
    }

    /// A person asked for something.
    record Asked(Instant time, int step, String word) implements RunEvent {
        @Override
        public String sentence() {
            return switch (word) {
                case "pause" -> "Pause asked for.";
                case "resume" -> "Asked to go on.";
                case "stop" -> "Stop asked for.";
                case "checkpoint" -> "Checkpoint asked for.";
                default -> "Asked for: " + word + ".";
            };
        }
    }

    /// An alarm's name as a phrase.
    static String words(String alarm) {
        return switch (alarm) {
            case "displacement" -> "displacement of the chosen answers";
            case "hollow-accuracy" -> "hollow accuracy";
            case "degeneration/entropy", "degeneration/mass" -> "answers losing their shape";
            case "saturation/slime/state_beyond_mh", "saturation/stapo/state_right" ->
                    "saturated contrast";
            default -> alarm.replace("idle-term/", "idle ").replace('/', ' ');
        };
    }

    /// Null for what is no news of its own: an edit that was read is followed by what came of it.
    static @Nullable RunEvent of(JsonNode line) {
        Instant time = time(line.path("time").asString(""));
        int step = line.path("step").asInt(0);
        String event = line.path("event").asString("");
        return switch (event) {
            case "", "edit" -> null;
            case "alarm" ->
                    new Alarm(time, step, text(line, "alarm"), line.path("says").asString(""));
            case "alarm-cleared" -> new Cleared(time, step, text(line, "alarm"));
            case "edited" ->
                    new Edited(
                            time,
                            step,
                            text(line, "path"),
                            line.path("old").asDouble(Double.NaN),
                            line.path("new").asDouble(Double.NaN),
                            line.path("by").isString() ? line.get("by").stringValue() : null);
            case "edit-refused" ->
                    new Refused(time, step, "Edit refused: " + text(line, "problem"));
            case "resumed" -> new Resumed(time, step);
            case "forked" -> new Forked(time, step, text(line, "parent"), changes(line));
            default -> new Asked(time, step, event);
        };
    }

    private static List<String> changes(JsonNode line) {
        List<String> changes = new ArrayList<>();
        line.path("changes")
                .properties()
                .forEach(
                        change ->
                                changes.add(
                                        String.format(
                                                Locale.ROOT,
                                                "%s %s → %s",
                                                change.getKey(),
                                                text(change.getValue(), "old"),
                                                text(change.getValue(), "new"))));
        return changes;
    }

    private static String text(JsonNode line, String key) {
        return line.path(key).asString("");
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }
}
