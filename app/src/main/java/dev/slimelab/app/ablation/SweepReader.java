package dev.slimelab.app.ablation;

import dev.slimelab.engine.compare.ResultTable;
import dev.slimelab.engine.compare.ResultTable.Layout;
import dev.slimelab.engine.compare.RunResult;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.sweep.SweepFolder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads sweeps from the disk. A run is read again only when its metrics or its status have
/// changed. Not thread-safe; belongs to one background job, which asks what it is told to by
/// [#ask].
public final class SweepReader {
    /// What the page wants to see.
    ///
    /// @param sweep null for the list alone
    public record Question(@Nullable Path sweep, Layout layout) {}

    /// A sweep that there is.
    ///
    /// @param sample whether it comes with SlimeLab and cannot be changed
    public record Found(SweepFolder folder, boolean sample) {}

    /// A sweep in full.
    ///
    /// @param queue where its runs wait
    /// @param entries its own part of that queue, in the queue's order
    /// @param all the whole queue, which its end depends on
    /// @param table null where nothing is finished, or the problem says why not
    /// @param metrics what any run has measured
    /// @param differing settings that tell its runs apart
    public record Shown(
            Found found,
            RunQueue queue,
            RunQueue.Settings settings,
            boolean owned,
            List<Entry> entries,
            List<Entry> all,
            @Nullable ResultTable table,
            @Nullable Problem problem,
            List<String> metrics,
            List<String> differing,
            int planned) {}

    /// What the disk said.
    public record Reading(Question question, List<Found> sweeps, @Nullable Shown shown) {}

    private record Stamp(@Nullable FileTime metrics, @Nullable FileTime status) {}

    private record Known(Stamp stamp, RunResult result) {}

    private final Path runs;
    private final Path samples;
    private final Map<Path, Known> results = new HashMap<>();
    private volatile @Nullable Question question;

    /// @param runs where own sweeps are kept
    /// @param samples sweeps that come with SlimeLab
    public SweepReader(Path runs, Path samples) {
        this.runs = runs.toAbsolutePath().normalize();
        this.samples = samples.toAbsolutePath().normalize();
    }

    /// Changes what is read from the next turn on; null: nothing, while the page is not on show.
    public void ask(@Nullable Question next) {
        question = next;
    }

    /// One's own sweeps, latest first, then the samples; null where nothing is asked.
    public @Nullable Reading poll() {
        Question now = question;
        if (now == null) {
            return null;
        }
        List<Found> sweeps = new ArrayList<>();
        SweepFolder.in(runs).stream()
                .sorted(
                        java.util.Comparator.comparing(
                                        (SweepFolder f) -> f.path().toFile().lastModified())
                                .reversed())
                .forEach(folder -> sweeps.add(new Found(folder, false)));
        SweepFolder.in(samples).forEach(folder -> sweeps.add(new Found(folder, true)));
        Found chosen =
                sweeps.stream()
                        .filter(found -> found.folder().path().equals(now.sweep()))
                        .findFirst()
                        .orElse(null);
        return new Reading(now, List.copyOf(sweeps), chosen == null ? null : read(chosen, now));
    }

    private Shown read(Found found, Question now) {
        SweepFolder folder = found.folder();
        RunQueue own = new RunQueue(folder.path());
        RunQueue queue = own.exists() ? own : new RunQueue(folder.path().resolveSibling(""));
        List<SweepFolder.Line> lines = folder.lines();
        Set<Path> planned =
                Set.copyOf(lines.stream().map(line -> folder.run(line).path()).toList());
        List<Entry> all = queue.entries();
        List<RunResult> finished = new ArrayList<>();
        for (SweepFolder.Line line : lines) {
            finished.add(result(folder.run(line), line.row()));
        }
        TreeSet<String> metrics = new TreeSet<>();
        finished.forEach(run -> metrics.addAll(run.metrics().keySet()));
        ResultTable table = null;
        Problem problem = null;
        if (finished.stream().anyMatch(RunResult::isFinished)) {
            try {
                table = ResultTable.of(finished, now.layout());
            } catch (Problem refused) {
                problem = refused;
            }
        }
        return new Shown(
                found,
                queue,
                queue.settings(),
                queue.isOwned(),
                all.stream().filter(entry -> planned.contains(queue.run(entry).path())).toList(),
                all,
                table,
                problem,
                List.copyOf(metrics),
                RunResult.differing(finished),
                lines.size());
    }

    private RunResult result(RunDirectory run, String row) {
        Stamp stamp = new Stamp(modified(run.metrics()), modified(run.status()));
        Known known = results.get(run.path());
        if (known != null && known.stamp.equals(stamp)) {
            return known.result;
        }
        RunResult result = RunResult.read(run, row);
        results.put(run.path(), new Known(stamp, result));
        return result;
    }

    private static @Nullable FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
