package dev.slimelab.engine.queue;

import dev.slimelab.engine.run.RunStatus;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.PriorityQueue;

/// When a queue will be through.
public final class Forecast {
    private Forecast() {}

    /// The time until every waiting and running run has ended, as runs take on average that have
    /// finished here, or as the running ones say; null while neither says anything.
    public static @Nullable Duration remaining(List<Entry> entries, int atOnce, Instant now) {
        Double usual = usualSeconds(entries, now);
        PriorityQueue<Double> places = new PriorityQueue<>();
        boolean busy = false;
        for (Entry entry : entries) {
            if (entry.state() == Entry.State.RUNNING) {
                busy = true;
                Double left = left(entry, usual, now);
                if (left == null) {
                    return null;
                }
                places.add(left);
            }
        }
        while (places.size() < atOnce) {
            places.add(0.0);
        }
        double last = places.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        for (Entry entry : entries) {
            if (entry.state() == Entry.State.WAITING) {
                if (usual == null) {
                    return null;
                }
                busy = true;
                double end = places.remove() + usual;
                places.add(end);
                last = Math.max(last, end);
            }
        }
        return busy ? Duration.ofMillis(Math.round(1000 * last)) : Duration.ZERO;
    }

    private static @Nullable Double left(Entry entry, @Nullable Double usual, Instant now) {
        if (usual != null && entry.progress().began() != null) {
            return Math.max(0, usual - seconds(entry.progress().began(), now));
        }
        RunStatus status = entry.status();
        return status == null ? null : status.etaSeconds();
    }

    private static @Nullable Double usualSeconds(List<Entry> entries, Instant now) {
        var finished =
                entries.stream()
                        .filter(entry -> entry.state() == Entry.State.FINISHED)
                        .map(Entry::took)
                        .filter(took -> took != null && !took.isZero())
                        .mapToDouble(took -> took.toMillis() / 1000.0)
                        .average();
        if (finished.isPresent()) {
            return finished.getAsDouble();
        }
        var running =
                entries.stream()
                        .filter(entry -> entry.state() == Entry.State.RUNNING)
                        .filter(entry -> entry.status() != null && entry.progress().began() != null)
                        .mapToDouble(entry -> whole(entry, now))
                        .filter(Double::isFinite)
                        .average();
        return running.isPresent() ? running.getAsDouble() : null;
    }

    private static double whole(Entry entry, Instant now) {
        RunStatus status = entry.status();
        Instant began = entry.progress().began();
        return status == null || status.etaSeconds() == null || began == null
                ? Double.NaN
                : seconds(began, now) + status.etaSeconds();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
