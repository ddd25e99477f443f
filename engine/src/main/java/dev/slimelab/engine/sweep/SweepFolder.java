package dev.slimelab.engine.sweep;

import dev.slimelab.engine.compare.RunResult;
import dev.slimelab.engine.compare.Sample;
import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.RunDirectory;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A sweep on disk: `sweep.json` says what was asked, `plan.json` which run is which row, and the
/// runs stand beside them.
public record SweepFolder(Path path) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// A run of the plan.
    ///
    /// @param row its name in tables
    /// @param changes what its spec has changed from the base
    public record Line(String run, String row, int stage, long seed, List<String> changes) {}

    /// What `plan.json` holds: the runs so far, and why no further stage follows, if so.
    private record Plan(List<Line> runs, @Nullable String ended) {}

    public SweepFolder {
        path = path.toAbsolutePath().normalize();
    }

    public String name() {
        return path.getFileName().toString();
    }

    public boolean exists() {
        return Files.isRegularFile(request());
    }

    /// The folder itself, if it is a sweep's, and the sweeps directly below it, by name.
    public static List<SweepFolder> in(Path folder) {
        List<SweepFolder> found = new ArrayList<>();
        Stream.of(new SweepFolder(folder)).filter(SweepFolder::exists).forEach(found::add);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> children = Files.list(folder)) {
                children.sorted()
                        .map(SweepFolder::new)
                        .filter(SweepFolder::exists)
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    /// Writes the request, the plan and the spec of every run of the first stage, and puts them
    /// into a queue. Where the folder holds the same request already, only the queue's settings are
    /// changed.
    ///
    /// @throws Problem bad request: where it holds another one, or runs
    public void begin(Sweep sweep, RunQueue queue, RunQueue.Settings settings) {
        String text = sweep.text(path);
        if (exists()) {
            if (readText(request()).equals(text)) {
                queue.change(settings);
                if (!Files.exists(plan())) {
                    enqueue(sweep.plan(0, Sweep.START), queue);
                }
                return;
            }
            throw Problem.badRequest(
                    path + " holds another sweep.", "Choose another folder, or delete it.");
        }
        if (!RunDirectory.below(path).isEmpty()) {
            throw Problem.badRequest(path + " already holds runs.", "Choose another folder.");
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw Problem.badRequest(
                    path + " cannot be made: " + e.getMessage() + ".",
                    "Choose a folder that can be written.",
                    e);
        }
        AtomicFile.write(request(), text);
        queue.change(settings);
        enqueue(sweep.plan(0, Sweep.START), queue);
    }

    public Sweep sweep() {
        return Sweep.read(request());
    }

    /// The runs planned so far.
    public List<Line> lines() {
        return Files.exists(plan()) ? readPlan().runs : List.of();
    }

    public RunDirectory run(Line line) {
        return new RunDirectory(path.resolve(line.run));
    }

    /// What the runs came to so far, in the plan's order.
    public List<RunResult> results() {
        return lines().stream().map(line -> RunResult.read(run(line), line.row)).toList();
    }

    /// Plans the next stage, where there is one and all runs of the last have ended.
    ///
    /// @return whether there is more to do now
    public boolean advance(RunQueue queue) {
        Plan plan = Files.exists(plan()) ? readPlan() : new Plan(List.of(), null);
        if (plan.runs.isEmpty() || plan.ended != null) {
            return false;
        }
        Sweep sweep = sweep();
        int stage = plan.runs.getLast().stage;
        List<Line> last = plan.runs.stream().filter(line -> line.stage == stage).toList();
        if (stage + 1 >= sweep.stages() || !haveEnded(last, queue)) {
            return false;
        }
        Sweep.Point best = best(last, sweep.choice());
        if (best == null) {
            write(
                    new Plan(
                            plan.runs,
                            "No run of stage %d has %s."
                                    .formatted(stage + 1, sweep.choice().metric())));
            return false;
        }
        enqueue(sweep.plan(stage + 1, best), queue);
        return true;
    }

    private boolean haveEnded(List<Line> lines, RunQueue queue) {
        Map<Path, Entry> entries = new LinkedHashMap<>();
        queue.entries().forEach(entry -> entries.put(queue.run(entry).path(), entry));
        return lines.stream()
                .map(line -> entries.get(run(line).path()))
                .allMatch(entry -> entry != null && entry.state().isFinal());
    }

    private Sweep.@Nullable Point best(List<Line> lines, Sweep.Choice choice) {
        Map<String, TreeMap<String, Double>> rows = new LinkedHashMap<>();
        for (Line line : lines) {
            RunResult result = RunResult.read(run(line), line.row);
            Double value = result.metrics().get(choice.metric());
            if (result.isFinished() && value != null && Double.isFinite(value)) {
                rows.computeIfAbsent(line.row, _ -> new TreeMap<>()).put(line.run, value);
            }
        }
        Comparator<Map.Entry<String, TreeMap<String, Double>>> byMean =
                Comparator.comparingDouble(row -> new Sample(row.getValue()).mean());
        return rows.entrySet().stream()
                .max(choice.highest() ? byMean : byMean.reversed())
                .flatMap(
                        row ->
                                lines.stream()
                                        .filter(line -> line.row.equals(row.getKey()))
                                        .findFirst())
                .map(line -> new Sweep.Point(line.row, line.changes))
                .orElse(null);
    }

    /// Specs first, then the queue, then the plan: a process that dies on the way leaves nothing
    /// that the next one would not make again.
    private void enqueue(List<Sweep.Planned> planned, RunQueue queue) {
        List<RunDirectory> runs = new ArrayList<>();
        for (Sweep.Planned one : planned) {
            RunDirectory run = new RunDirectory(path.resolve(one.folder()));
            try {
                Files.createDirectories(run.path());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run.freeze(one.spec());
            runs.add(run);
        }
        List<Path> queued = queue.entries().stream().map(e -> queue.run(e).path()).toList();
        queue.add(runs.stream().filter(run -> !queued.contains(run.path())).toList());
        List<Line> lines = new ArrayList<>(lines());
        planned.stream()
                .map(
                        one ->
                                new Line(
                                        one.folder(),
                                        one.point().label(),
                                        one.stage(),
                                        one.seed(),
                                        one.point().changes()))
                .forEach(lines::add);
        write(new Plan(lines, null));
    }

    private Path request() {
        return path.resolve("sweep.json");
    }

    private Path plan() {
        return path.resolve("plan.json");
    }

    private Plan readPlan() {
        return JSON.readValue(readText(plan()), Plan.class);
    }

    private void write(Plan plan) {
        AtomicFile.write(
                plan(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(plan) + "\n");
    }

    private static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
