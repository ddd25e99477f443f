package dev.slimelab.app.library;

import dev.slimelab.app.library.RunPhase.Tone;
import dev.slimelab.app.look.Hue;
import dev.slimelab.app.look.Numbers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A line of the list: a run, or the name of a grid above its runs.
public sealed interface ListRow {
    /// The folder of the run or of the grid.
    Path id();

    String name();

    /// In small print below the name.
    String detail();

    /// At the end of the line.
    String state();

    Tone tone();

    /// What is read aloud.
    String spoken();

    /// A run.
    ///
    /// @param grid the grid that it stands below; empty where it stands alone
    /// @param detail objective, learning rate and seed
    /// @param state a word, or a percentage while the run goes on
    /// @param shown whether the run is on the charts
    record Run(
            Path id,
            String name,
            String grid,
            String detail,
            String state,
            RunPhase phase,
            Hue hue,
            boolean shown)
            implements ListRow {
        static Run of(RunEntry entry, Hue hue, boolean shown) {
            return new Run(
                    entry.id(),
                    entry.name(),
                    entry.grid(),
                    ListRow.detail(entry),
                    ListRow.state(entry),
                    entry.phase(),
                    hue,
                    shown);
        }

        @Override
        public Tone tone() {
            return phase.tone();
        }

        @Override
        public String spoken() {
            return name + ", " + phase.word() + ", " + detail;
        }
    }

    /// A grid.
    ///
    /// @param open whether its runs stand below it
    record Grid(Path id, String name, String detail, String state, Tone tone, boolean open)
            implements ListRow {
        /// @param runs at least one
        static Grid of(Path id, List<RunEntry> runs, boolean open) {
            RunEntry any = runs.getFirst();
            String detail = runs.size() == 1 ? "grid of 1 run" : "grid of " + runs.size() + " runs";
            long broken = count(runs, Tone.BROKEN);
            long active = count(runs, Tone.ACTIVE);
            long done = runs.stream().filter(run -> run.phase() == RunPhase.FINISHED).count();
            String state =
                    broken > 0
                            ? broken + " failed"
                            : active > 0
                                    ? active + " training"
                                    : done == runs.size() ? ListRow.state(any) : done + " done";
            Tone tone = broken > 0 ? Tone.BROKEN : active > 0 ? Tone.ACTIVE : Tone.QUIET;
            return new Grid(id, any.grid(), detail, state, tone, open);
        }

        private static long count(List<RunEntry> runs, Tone tone) {
            return runs.stream().filter(run -> run.phase().tone() == tone).count();
        }

        @Override
        public String spoken() {
            return name + ", " + detail + ", " + state + (open ? ", open" : ", folded");
        }
    }

    /// Whether the filter's words all occur in name, grid, objective or state.
    static boolean matches(RunEntry entry, String filter) {
        if (filter.isEmpty()) {
            return true;
        }
        String text =
                String.join(
                                " ",
                                entry.name(),
                                entry.grid(),
                                detail(entry),
                                state(entry),
                                entry.phase().word())
                        .toLowerCase(Locale.ROOT);
        return Arrays.stream(filter.split("\\s+", -1)).allMatch(text::contains);
    }

    private static String detail(RunEntry entry) {
        return entry.specProblem() == null ? entry.facts().inShort() : "settings cannot be read";
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
