package dev.slimelab.app.library;

import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;

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

/// Reads the folders that hold runs. Not thread-safe; belongs to one background job.
///
/// A spec is read once per modification and the status of a finished run once, so a thousand runs
/// cost a thousand file stamps a turn and nothing more.
public final class RunLibrary {
    /// An engine that has not said a word after this long will not.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Stamped<T>(Instant modified, T value) {}

    private record Spec(@Nullable RunSpec spec, @Nullable String problem) {}

    private final Path own;
    private final Path samples;
    private final Clock clock;
    private final Map<Path, Stamped<Spec>> specs = new HashMap<>();
    private final Map<Path, Stamped<RunStatus>> lastWords = new HashMap<>();

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

    /// All runs: one's own, latest first, then the samples by name.
    public List<RunEntry> scan() {
        List<RunEntry> entries = new ArrayList<>();
        RunDirectory.below(own).forEach(run -> add(entries, run, Origin.OWN));
        entries.sort(
                Comparator.comparing(RunEntry::requested).reversed().thenComparing(RunEntry::name));
        RunDirectory.below(samples).forEach(run -> add(entries, run, Origin.SAMPLE));
        return List.copyOf(entries);
    }

    private void add(List<RunEntry> entries, RunDirectory run, Origin origin) {
        Instant requested = modified(run.spec());
        if (requested == null) {
            return; // deleted while we were looking
        }
        Spec spec =
                specs.compute(
                                run.path(),
                                (_, known) ->
                                        known != null && known.modified().equals(requested)
                                                ? known
                                                : new Stamped<>(requested, read(run)))
                        .value();
        RunStatus status = status(run);
        RunPhase phase = status == null ? silent(run, requested) : RunPhase.of(status.state());
        entries.add(
                new RunEntry(run, origin, spec.spec(), spec.problem(), status, phase, requested));
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
        Stamped<RunStatus> known = lastWords.get(run.path());
        if (known != null && known.modified().equals(said)) {
            return known.value();
        }
        RunStatus status = RunStatus.read(run.status(), clock.instant());
        if (status != null
                && status.state().isFinal()
                && status.state() != RunStatus.State.LOST) { // a lost engine may yet speak
            lastWords.put(run.path(), new Stamped<>(said, status));
        }
        return status;
    }

    private static Spec read(RunDirectory run) {
        try {
            return new Spec(run.readSpec(), null);
        } catch (Problem problem) {
            return new Spec(null, problem.what() + " " + problem.remedy());
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
