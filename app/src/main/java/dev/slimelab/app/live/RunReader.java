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
/// are looked at on every call, the folders twice a second.
public final class RunReader {
    /// What a poll found.
    ///
    /// @param metrics of each watched run, by metric name
    public record Reading(List<RunEntry> runs, Map<Path, Map<String, Series>> metrics) {}

    private static final Duration BETWEEN_SCANS = Duration.ofMillis(500);

    /// How long a scan may look into folders it does not know yet.
    private static final Duration A_TURN = Duration.ofMillis(150);

    private final RunLibrary library;
    private final Clock clock;
    private final Map<Path, MetricsTail> tails = new HashMap<>();
    private volatile Set<Path> watched = Set.of();
    private Set<Path> lastWatched = Set.of();
    private List<RunEntry> runs = List.of();
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
        boolean changed = first || !wanted.equals(lastWatched);
        first = false;
        lastWatched = wanted;
        Instant now = clock.instant();
        if (!library.isComplete() || lastScan.plus(BETWEEN_SCANS).isBefore(now)) {
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
        return new Reading(runs, Map.copyOf(metrics));
    }
}
