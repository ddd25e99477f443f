package dev.slimelab.app.library;

import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.app.library.RunIndex.Known;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.sweep.SweepFolder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads the folders that hold runs. Not thread-safe; belongs to one background job.
///
/// A file is read once per modification, and what was read of runs that have ended is kept in a
/// [RunIndex]: a thousand runs cost a thousand file stamps a turn and nothing more. The spec of a
/// run whose facts are known is read when the run is wanted whole. A turn has a time to keep: what
/// it does not get to is listed by name and read by the turns that follow.
public final class RunLibrary {
    /// An engine that has not said a word after this long will not.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /// How often the last metrics of a run that trains are looked at.
    private static final Duration BETWEEN_METRICS = Duration.ofSeconds(2);

    private static final Duration BETWEEN_INDEXES = Duration.ofSeconds(5);

    /// Fewer runs are read as fast.
    private static final int WORTH_AN_INDEX = 50;

    /// What a turn has time for.
    ///
    /// @param first runs that are wanted whole
    /// @param end in nanoseconds, as the system counts them
    private record Turn(Set<Path> first, long end) {
        boolean wants(RunDirectory run) {
            return first.contains(run.path());
        }

        boolean hasTime(RunDirectory run) {
            return wants(run) || System.nanoTime() < end;
        }
    }

    /// @param grid empty for a run that stands alone
    private record Place(Origin origin, String grid) {}

    private record Spec(long stamp, @Nullable RunSpec spec, @Nullable String problem) {}

    private record Noted(long stamp, RunNotes notes) {}

    private final Path own;
    private final Path samples;
    private final Clock clock;
    private final Map<Path, Spec> specs = new HashMap<>();
    private final Map<Path, Noted> notes = new HashMap<>();
    private final Map<Path, Known> known = new HashMap<>();
    private final Map<Path, Instant> measured = new HashMap<>();
    private boolean isComplete;
    private boolean indexRead;
    private boolean indexOutdated;
    private Instant lastIndex = Instant.EPOCH;

    /// @param own where new runs are kept
    /// @param samples finished runs that come with SlimeLab
    public RunLibrary(Path own, Path samples, Clock clock) {
        this.own = own.toAbsolutePath().normalize();
        this.samples = samples.toAbsolutePath().normalize();
        this.clock = clock;
    }

    public Path samples() {
        return samples;
    }

    /// All runs, also those of grids: one's own, latest first, then the samples by name.
    public List<RunEntry> scan() {
        return scan(Set.of(), Duration.ofDays(1));
    }

    /// The same within a time: runs that it does not suffice for are listed by what is known.
    ///
    /// @param first runs that are wanted whole, with their specs, at once
    public List<RunEntry> scan(Set<Path> first, Duration time) {
        isComplete = true;
        boolean listed = false;
        if (!indexRead) {
            indexRead = true;
            RunIndex.read(own).forEach((name, run) -> known.put(own.resolve(name), run));
            listed = !known.isEmpty();
        }
        // What the index knows is listed at once; the turns that follow read the rest.
        Turn turn = new Turn(first, System.nanoTime() + (listed ? 0 : time.toNanos()));
        List<RunEntry> entries = new ArrayList<>();
        addAll(entries, own, Origin.OWN, turn);
        entries.sort(
                Comparator.comparing(RunEntry::requested).reversed().thenComparing(RunEntry::name));
        addAll(entries, samples, Origin.SAMPLE, turn);
        keepIndex(entries);
        return List.copyOf(entries);
    }

    /// Whether the last scan got to every run.
    public boolean isComplete() {
        return isComplete;
    }

    /// The runs of a folder, then those of the grids in it.
    private void addAll(List<RunEntry> entries, Path folder, Origin origin, Turn turn) {
        Place alone = new Place(origin, "");
        RunDirectory.below(folder).forEach(run -> add(entries, run, alone, turn));
        for (SweepFolder grid : SweepFolder.in(folder)) {
            if (!grid.path().equals(folder)) {
                Place part = new Place(origin, grid.name());
                RunDirectory.below(grid.path()).forEach(run -> add(entries, run, part, turn));
            }
        }
    }

    private void add(List<RunEntry> entries, RunDirectory run, Place place, Turn turn) {
        Instant requested = modified(run.spec());
        if (requested == null) {
            return; // deleted while we were looking
        }
        Spec spec = spec(run, stamp(requested), turn);
        RunStatus status = status(run);
        RunPhase phase = status == null ? silent(run, requested) : RunPhase.of(status.state());
        RunFacts facts = facts(run, spec, phase, turn);
        entries.add(
                new RunEntry(
                        run,
                        place.origin(),
                        place.grid(),
                        spec == null ? null : spec.spec(),
                        spec == null ? null : spec.problem(),
                        status,
                        phase,
                        requested,
                        facts,
                        notes(run)));
    }

    private @Nullable Spec spec(RunDirectory run, long stamp, Turn turn) {
        Spec spec = specs.get(run.path());
        if (spec != null && spec.stamp() == stamp) {
            return spec;
        }
        boolean suffices = known.getOrDefault(run.path(), Known.NOTHING).specStamp() == stamp;
        if (suffices && !turn.wants(run)) {
            return null;
        }
        if (!turn.hasTime(run)) {
            isComplete = false;
            return null;
        }
        Spec read = read(run, stamp);
        specs.put(run.path(), read);
        return read;
    }

    private RunFacts facts(RunDirectory run, @Nullable Spec spec, RunPhase phase, Turn turn) {
        Known before = known.getOrDefault(run.path(), Known.NOTHING);
        Known now = before;
        if (spec != null && spec.spec() != null && spec.stamp() != now.specStamp()) {
            RunFacts facts =
                    RunFacts.ofSpec(spec.spec())
                            .withMetrics(now.facts().metrics())
                            .withEnvironment(now.facts().environment());
            now = now.withFacts(spec.stamp(), facts);
        }
        long size = size(run.metrics());
        if (size != now.metricsSize() && isDue(run, phase) && turn.hasTime(run)) {
            measured.put(run.path(), clock.instant());
            RunFacts facts = now.facts().withEnvironment(RunFacts.environment(run));
            now =
                    now.withFacts(now.specStamp(), facts)
                            .withMetrics(size, RunFacts.lastMetrics(run));
        }
        if (!now.equals(before)) {
            known.put(run.path(), now);
            indexOutdated |= !phase.isAlive();
        }
        return now.facts();
    }

    private boolean isDue(RunDirectory run, RunPhase phase) {
        Instant last = measured.get(run.path());
        return last == null
                || !phase.isAlive()
                || last.plus(BETWEEN_METRICS).isBefore(clock.instant());
    }

    private RunNotes notes(RunDirectory run) {
        Instant written = modified(RunNotes.file(run));
        if (written == null) {
            return RunNotes.NONE;
        }
        return notes.compute(
                        run.path(),
                        (_, before) ->
                                before != null && before.stamp() == stamp(written)
                                        ? before
                                        : new Noted(stamp(written), RunNotes.read(run)))
                .notes();
    }

    /// Writes the index where runs that have ended are new in it or gone from it.
    private void keepIndex(List<RunEntry> entries) {
        Set<Path> there =
                entries.stream().map(RunEntry::id).collect(Collectors.toUnmodifiableSet());
        for (Map<Path, ?> kept : List.of(known, specs, notes, measured)) {
            indexOutdated |= kept.keySet().retainAll(there);
        }
        Instant now = clock.instant();
        if (!indexOutdated || lastIndex.plus(BETWEEN_INDEXES).isAfter(now)) {
            return;
        }
        Map<String, Known> byName = new TreeMap<>();
        for (RunEntry entry : entries) {
            Known run = known.get(entry.id());
            if (entry.origin() == Origin.OWN && run != null && !entry.phase().isAlive()) {
                byName.put(own.relativize(entry.id()).toString().replace('\\', '/'), run);
            }
        }
        lastIndex = now;
        indexOutdated = false;
        if (byName.size() < WORTH_AN_INDEX) {
            return;
        }
        try {
            RunIndex.write(own, byName);
        } catch (Problem _) {
            // A folder that cannot be written has no index, and is only slower to open.
        }
    }

    /// Where a run stands whose engine has not said anything.
    private RunPhase silent(RunDirectory run, Instant requested) {
        Path pid = pid(run);
        if (Files.exists(pid)) {
            return isAlive(pid) ? RunPhase.STARTING : RunPhase.FAILED;
        }
        if (!Files.exists(run.control())) {
            return RunPhase.NOT_STARTED; // who starts an engine makes the folder to talk to it
        }
        boolean young = Duration.between(requested, clock.instant()).compareTo(PATIENCE) < 0;
        return young ? RunPhase.STARTING : RunPhase.LOST;
    }

    private static boolean isAlive(Path pid) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .map(ProcessHandle::isAlive)
                    .orElse(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where the workbench notes the process that it started for a run.
    public static Path pid(RunDirectory run) {
        return run.path().resolve("engine.pid");
    }

    private @Nullable RunStatus status(RunDirectory run) {
        Instant said = modified(run.status());
        if (said == null) {
            return null;
        }
        Known before = known.getOrDefault(run.path(), Known.NOTHING);
        if (before.status() != null && before.statusStamp() == stamp(said)) {
            return before.status();
        }
        RunStatus status = RunStatus.read(run.status(), clock.instant());
        if (status != null
                && status.state().isFinal()
                && status.state() != RunStatus.State.LOST) { // a lost engine may yet speak
            known.put(run.path(), before.withStatus(stamp(said), status));
            indexOutdated = true;
        }
        return status;
    }

    private static Spec read(RunDirectory run, long stamp) {
        try {
            return new Spec(stamp, run.readSpec(), null);
        } catch (Problem problem) {
            return new Spec(stamp, null, problem.what() + " " + problem.remedy());
        }
    }

    /// When a file was written, in nanoseconds since 1970: what was read of it holds as long as
    /// this is the same.
    private static long stamp(Instant written) {
        return written.getEpochSecond() * 1_000_000_000 + written.getNano();
    }

    /// In bytes; 0 where there is no such file.
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
