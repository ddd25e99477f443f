package dev.slimelab.engine.queue;

import dev.slimelab.engine.parameter.Settings;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Says how far a queue is: bars that move on a terminal, otherwise a line whenever a run changes
/// its state.
public final class QueueProgress implements Consumer<List<Entry>> {
    private static final int BAR = 30;

    private final PrintWriter out;
    private final boolean terminal;
    private final Supplier<Integer> atOnce;
    private final Map<String, String> said = new HashMap<>();
    private int linesDrawn;

    public QueueProgress(PrintWriter out, boolean terminal, RunQueue queue) {
        this.out = out;
        this.terminal = terminal;
        this.atOnce = () -> queue.settings().atOnce();
    }

    @Override
    public void accept(List<Entry> entries) {
        if (terminal) {
            if (linesDrawn > 0) {
                out.print("\u001b[" + linesDrawn + "A\u001b[J");
            }
            linesDrawn = 1;
            for (Entry entry : entries) {
                if (entry.state() == Entry.State.RUNNING) {
                    out.println(bar(entry));
                    linesDrawn++;
                }
            }
            out.println(summary(entries, atOnce.get(), Instant.now()));
        } else {
            for (Entry entry : entries) {
                String state = word(entry);
                if (!state.equals(said.put(entry.id(), state)) && !state.equals("waiting")) {
                    out.println(entry.request().run() + ": " + state);
                }
            }
        }
        out.flush();
    }

    /// Such as `12 of 18 finished, 1 failed, about 3 min left`.
    public static String summary(List<Entry> entries, int atOnce, Instant now) {
        StringBuilder text = new StringBuilder();
        text.append(count(entries, Entry.State.FINISHED))
                .append(" of ")
                .append(entries.size())
                .append(" finished");
        for (Entry.State state :
                List.of(
                        Entry.State.RUNNING,
                        Entry.State.FAILED,
                        Entry.State.STOPPED,
                        Entry.State.CANCELLED)) {
            long count = count(entries, state);
            if (count > 0) {
                text.append(", ").append(count).append(' ').append(Settings.word(state.name()));
            }
        }
        Duration left = Forecast.remaining(entries, atOnce, now);
        if (left != null && !left.isZero()) {
            text.append(", about ").append(words(left)).append(" left");
        }
        return text.toString();
    }

    private static String words(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 90) {
            return seconds + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        return minutes < 90
                ? minutes + " min"
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
    }

    private static long count(List<Entry> entries, Entry.State state) {
        return entries.stream().filter(entry -> entry.state() == state).count();
    }

    private static String bar(Entry entry) {
        double progress = entry.status() == null ? 0 : entry.status().progress();
        int full = (int) Math.round(progress * BAR);
        return String.format(
                Locale.ROOT,
                "%-34s %s%s %3.0f %%",
                entry.request().run(),
                "█".repeat(full),
                "░".repeat(BAR - full),
                100 * progress);
    }

    private static String word(Entry entry) {
        @Nullable String why = entry.progress().why();
        String word = Settings.word(entry.state().name());
        return entry.state() == Entry.State.FAILED && why != null ? word + ": " + why : word;
    }
}
