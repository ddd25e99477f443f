package dev.slimelab.app.live;

import dev.slimelab.app.chart.Series;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.engine.run.RunDirectory;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the window knows of the disk: every run's standing, and the metrics of those on show.
///
/// One background job calls [#poll]; the window tells it with [#watch] which runs it shows. Metrics
/// are looked at on every call, the folders twice a second, and so is the journal of a run that is
/// shown alone.
public final class RunReader {
    /// What a poll found.
    ///
    /// @param metrics of each watched run, by metric name
    /// @param journal of the only watched run; empty where there are several
    public record Reading(
            List<RunEntry> runs, Map<Path, Map<String, Series>> metrics, Journal journal) {}

    private record Followed(Path id, JournalTail tail) {}

    private static final Duration BETWEEN_SCANS = Duration.ofMillis(500);

    /// How long a scan may look into folders it does not know yet.
    private static final Duration A_TURN = Duration.ofMillis(150);

    private final RunLibrary library;
    private final Clock clock;
    private final Map<Path, MetricsTail> tails = new HashMap<>();
    private volatile Set<Path> watched = Set.of();
    private Set<Path> lastWatched = Set.of();
    private List<RunEntry> runs = List.of();
    private @Nullable Followed followed;
    private Instant lastScan = Instant.EPOCH;
    private boolean first = true;

    public RunReader(RunLibrary library, Clock clock) {
        this.library = library;
        this.clock = clock;
    }

    /// From the next poll on, these runs' metrics are read. Callable from any thread.
    public void watch(Set<Path> ids) {
        watched = Set.copyOf(ids);
    }

    /// Reads what is new; null when nothing is.
    public @Nullable Reading poll() {
        Set<Path> wanted = watched;
        boolean others = !wanted.equals(lastWatched);
        boolean changed = first || others;
        first = false;
        lastWatched = wanted;
        Instant now = clock.instant();
        boolean due = others || !library.isComplete() || lastScan.plus(BETWEEN_SCANS).isBefore(now);
        if (due) {
            List<RunEntry> scanned = library.scan(wanted, A_TURN);
            changed |= !scanned.equals(runs);
            runs = scanned;
            lastScan = now;
        }
        for (Path id : wanted) {
            changed |=
                    tails.computeIfAbsent(
                                    id, path -> new MetricsTail(new RunDirectory(path).metrics()))
                            .poll();
        }
        changed |= follow(wanted, due);
        if (!changed) {
            return null;
        }
        Map<Path, Map<String, Series>> metrics = new HashMap<>();
        wanted.forEach(
                id -> {
                    MetricsTail tail = tails.get(id);
                    if (tail != null) {
                        metrics.put(id, tail.series());
                    }
                });
        return new Reading(
                runs,
                Map.copyOf(metrics),
                followed == null ? Journal.EMPTY : followed.tail().journal());
    }

    /// Reads the journal of a run that is watched alone; returns whether it changed.
    private boolean follow(Set<Path> wanted, boolean due) {
        Path alone = wanted.size() == 1 ? wanted.iterator().next() : null;
        if (alone == null) {
            followed = null;
            return false;
        }
        Followed now = followed;
        if (now != null && now.id().equals(alone)) {
            return due && now.tail().poll();
        }
        followed = new Followed(alone, new JournalTail(new RunDirectory(alone)));
        return followed.tail().poll();
    }

    /// Where finished runs are that come with SlimeLab.
    public Path samples() {
        return library.samples();
    }
}
