package dev.slimelab.app.library;

import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/// One line of the list.
///
/// @param detail objective, learning rate and seed, in small print
/// @param state a word, or a percentage while the run goes on
/// @param shown whether the run is on the charts
public record RunRow(
        Path id,
        String name,
        String detail,
        String state,
        RunPhase phase,
        boolean sample,
        Hue hue,
        boolean shown) {
    static RunRow of(RunEntry entry, Hue hue, boolean shown) {
        return new RunRow(
                entry.id(),
                entry.name(),
                entry.specProblem() == null ? entry.facts().inShort() : "settings cannot be read",
                state(entry),
                entry.phase(),
                entry.origin() == RunEntry.Origin.SAMPLE,
                hue,
                shown);
    }

    /// Whether the filter's words all occur in name, objective or state.
    boolean matches(String filter) {
        String text =
                (name + " " + detail + " " + state + " " + phase.word()).toLowerCase(Locale.ROOT);
        return Arrays.stream(filter.split("\\s+", -1)).allMatch(text::contains);
    }

    private static String state(RunEntry entry) {
        String percent =
                Math.round(Math.floor(entry.progress() * 100))
                        + String.valueOf(Numbers.NARROW_SPACE)
                        + "%";
        return switch (entry.phase()) {
            case TRAINING, EVALUATING -> percent;
            case PAUSED -> "paused " + percent;
            case FINISHED ->
                    entry.origin() == RunEntry.Origin.SAMPLE ? "sample" : entry.phase().word();
            case NOT_STARTED, STARTING, QUEUED, PREPARING, STOPPED, FAILED, LOST ->
                    entry.phase().word();
        };
    }
}
