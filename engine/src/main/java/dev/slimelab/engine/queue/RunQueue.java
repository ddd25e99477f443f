package dev.slimelab.engine.queue;

import dev.slimelab.engine.device.Device;
import dev.slimelab.engine.device.DeviceLock;
import dev.slimelab.engine.device.Machine;
import dev.slimelab.engine.file.AtomicFile;
import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry.Progress;
import dev.slimelab.engine.queue.Entry.Request;
import dev.slimelab.engine.queue.Entry.State;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The queue of the runs below a folder, on disk:
///
/// ```
/// queue/settings.json        how many at once, what after a failure, paused     written by who asks
/// queue/requests/000001.json which run, how urgent, cancelled, attempts allowed  written by who asks
/// queue/progress/000001.json what became of it, and who works on it              written by workers
/// queue/slots/0.json, .lock  one worker each, locked as long as it lives
/// queue/owner.json, .lock    who keeps workers alive                             queue/lock, log.txt
/// ```
///
/// Nobody needs to outlive anybody: whoever comes next finds on the disk what is left to do. A run
/// whose worker is gone is taken up again from its checkpoint, one whose worker lives is left to
/// it, and the lock of a run's own folder sees to it that no two engines ever train it.
///
/// @param folder the one whose runs they are
public record RunQueue(Path folder) {
    /// A run whose worker died this often without an end is given up.
    static final int MOST_INTERRUPTIONS = 5;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SUFFIX = ".json";

    /// What happens after a run has failed.
    public enum OnFailure {
        /// The next one is trained.
        CONTINUE,
        /// Nothing more is begun until the failed run is tried again or cancelled.
        STOP
    }

    /// How a queue is worked off.
    ///
    /// @param atOnce runs trained at the same time
    /// @param retries how often a failed run is tried again by itself
    /// @param paused whether nothing more is begun; what is being trained goes on
    public record Settings(int atOnce, OnFailure onFailure, int retries, boolean paused) {
        public static final Settings INITIAL = new Settings(2, OnFailure.CONTINUE, 0, false);

        public Settings {
            if (atOnce < 1 || atOnce > 64) {
                throw Problem.badRequest(
                        "%d runs at once cannot be.".formatted(atOnce), "Give 1 to 64.");
            }
            if (retries < 0 || retries > 10) {
                throw Problem.badRequest(
                        "%d retries cannot be.".formatted(retries), "Give 0 to 10.");
            }
        }

        public Settings pause(boolean on) {
            return new Settings(atOnce, onFailure, retries, on);
        }

        public Settings atOnce(int runs) {
            return new Settings(runs, onFailure, retries, paused);
        }
    }

    public RunQueue {
        folder = folder.toAbsolutePath().normalize();
    }

    public Path path() {
        return folder.resolve("queue");
    }

    public Path log() {
        return path().resolve("log.txt");
    }

    public boolean exists() {
        return Files.isDirectory(requests());
    }

    public Settings settings() {
        Settings written = read(path().resolve("settings.json"), Settings.class);
        return written == null ? Settings.INITIAL : written;
    }

    public void change(Settings settings) {
        makeFolders();
        write(path().resolve("settings.json"), settings);
    }

    /// Adds runs at the end, in their order. Their folders hold a spec and nothing else.
    public void add(List<RunDirectory> runs) {
        makeFolders();
        locked(
                () -> {
                    List<Entry> known = readAll();
                    int id = known.stream().mapToInt(e -> Integer.parseInt(e.id())).max().orElse(0);
                    double rank =
                            known.stream().mapToDouble(e -> e.request().rank()).max().orElse(0);
                    for (RunDirectory run : runs) {
                        id++;
                        rank++;
                        write(
                                request("%06d".formatted(id)),
                                new Request(
                                        folder.relativize(run.path()).toString().replace('\\', '/'),
                                        0,
                                        rank,
                                        false,
                                        1 + settings().retries()));
                    }
                    return runs;
                });
    }

    /// Everything that was ever asked for, in the order in which it is, or was, taken up.
    public List<Entry> entries() {
        return readAll();
    }

    /// Moves a waiting run to just before another one, or to the end.
    ///
    /// @param before null for the end
    public void move(String id, @Nullable String before) {
        List<Entry> others = readAll().stream().filter(entry -> !entry.id().equals(id)).toList();
        int at =
                before == null
                        ? others.size()
                        : others.stream().map(Entry::id).toList().indexOf(before);
        if (at < 0) {
            return; // the other one is gone meanwhile
        }
        double next = at == others.size() ? Double.NaN : others.get(at).request().rank();
        double previous = at == 0 ? Double.NaN : others.get(at - 1).request().rank();
        double rank =
                Double.isNaN(next)
                        ? (Double.isNaN(previous) ? 1 : previous + 1)
                        : Double.isNaN(previous) || previous > next
                                ? next - 1
                                : (previous + next) / 2;
        int priority =
                others.isEmpty()
                        ? 0
                        : others.get(Math.min(at, others.size() - 1)).request().priority();
        change(id, request -> request.at(priority, rank));
    }

    /// Higher ones are taken up first; equal ones in their order.
    public void prioritise(String id, int priority) {
        change(id, request -> request.at(priority, request.rank()));
    }

    /// Takes a waiting run out of the queue; asks one that is being trained to stop and keep its
    /// result so far.
    public void cancel(String id) {
        change(id, Request::cancel);
        Entry entry = entry(id);
        if (entry.progress().state() == State.RUNNING) {
            new Control(run(entry).control()).ask(Control.Request.STOP);
        }
    }

    /// Lets a run that failed, was stopped or cancelled have another attempt; it goes on from its
    /// newest checkpoint.
    public void retry(String id) {
        Entry entry = entry(id);
        change(id, request -> request.again(entry.progress().attempt() + 1));
    }

    public RunDirectory run(Entry entry) {
        return new RunDirectory(folder.resolve(entry.request().run()).normalize());
    }

    /// Gives a worker its next run.
    ///
    /// @param suits whether the worker can take a run
    /// @return null where nothing can be begun
    public @Nullable Entry claim(WorkerId worker, Predicate<Entry> suits) {
        return locked(
                () -> {
                    Entry next = next(takeStock(), suits);
                    if (next == null) {
                        return null;
                    }
                    Progress begun = next.progress().begin(worker, Instant.now());
                    write(progress(next.id()), begun);
                    return new Entry(next.id(), next.request(), begun, next.status());
                });
    }

    /// Notes how a worker's run ended.
    ///
    /// @param state [State#FINISHED], [State#FAILED], [State#STOPPED], or [State#WAITING] where it
    ///   was interrupted and has to be taken up again
    /// @param why for a person; null where it finished
    public void end(Entry claimed, State state, @Nullable String why) {
        locked(
                () -> {
                    write(
                            progress(claimed.id()),
                            claimed.progress().end(state, why, Instant.now()));
                    return claimed;
                });
    }

    /// Looks after runs whose worker is gone: ended ones are noted as such, the others wait again.
    ///
    /// @return all [#entries] after that
    public List<Entry> recover() {
        return locked(this::takeStock);
    }

    /// How many runs could be begun now, as far as it matters: at most so many as may be trained at
    /// once.
    public int claimable() {
        List<Entry> entries = readAll();
        return isHeld(entries) ? 0 : startable(entries, settings().atOnce(), _ -> true).size();
    }

    /// Whether nothing may be begun: paused by a person, or after a failure.
    public boolean isHeld() {
        return isHeld(readAll());
    }

    /// Whether a process works it off.
    public boolean isOwned() {
        WorkerId process = read(owner(), WorkerId.class);
        return process != null && process.isAlive();
    }

    private boolean isHeld(List<Entry> entries) {
        Settings settings = settings();
        return settings.paused()
                || (settings.onFailure() == OnFailure.STOP
                        && entries.stream().anyMatch(e -> e.state() == State.FAILED));
    }

    private @Nullable Entry next(List<Entry> entries, Predicate<Entry> suits) {
        List<Entry> startable = isHeld(entries) ? List.of() : startable(entries, 1, suits);
        return startable.isEmpty() ? null : startable.getFirst();
    }

    /// Waiting runs that could be begun together, in their order: no two on one GPU, and none on a
    /// GPU that another run has. A paused run has left its GPU.
    private List<Entry> startable(List<Entry> entries, int most, Predicate<Entry> suits) {
        Set<Device> taken = new HashSet<>();
        for (Entry entry : entries) {
            RunStatus status = entry.status();
            boolean paused = status != null && status.state() == RunStatus.State.PAUSED;
            if (entry.isTrained() && !paused) {
                taken.addAll(gpus(entry));
            }
        }
        List<Entry> startable = new ArrayList<>();
        for (Entry entry : entries) {
            if (startable.size() == most) {
                break;
            }
            if (isFree(entry) && suits.test(entry)) {
                List<Device.Cuda> gpus = gpus(entry);
                if (gpus.stream().noneMatch(gpu -> taken.contains(gpu) || isHeld(gpu))) {
                    taken.addAll(gpus);
                    startable.add(entry);
                }
            }
        }
        return startable;
    }

    private static boolean isHeld(Device.Cuda gpu) {
        return DeviceLock.holder(DeviceLock.folder(), gpu) != null;
    }

    /// The GPUs that a run needs for itself; none on the CPU, and where its spec cannot be read,
    /// which its training will say.
    List<Device.Cuda> gpus(Entry entry) {
        try {
            return Machine.here().exclusive(run(entry).readSpec().device());
        } catch (Problem _) {
            return List.of();
        }
    }

    /// An engine outside the queue may be training a run that waits; it is left to it.
    private static boolean isFree(Entry entry) {
        return entry.state() == State.WAITING && !entry.isTrained();
    }

    private static boolean isAlive(@Nullable RunStatus status) {
        return status != null && !status.state().isFinal();
    }

    private List<Entry> takeStock() {
        List<Entry> entries = readAll();
        boolean changed = false;
        for (Entry entry : entries) {
            Progress progress = entry.progress();
            boolean abandoned =
                    progress.state() == State.RUNNING
                            && (progress.worker() == null || !progress.worker().isAlive())
                            && !isAlive(entry.status());
            boolean finished = isFinished(entry);
            if (abandoned) {
                write(progress(entry.id()), finished ? ended(progress) : deserted(entry));
                changed = true;
            } else if (progress.state() == State.WAITING && finished) {
                write(progress(entry.id()), ended(progress));
                changed = true;
            }
        }
        return changed ? readAll() : entries;
    }

    private static Progress ended(Progress progress) {
        return progress.end(State.FINISHED, null, Instant.now());
    }

    private Progress deserted(Entry entry) {
        Progress progress = entry.progress();
        RunStatus status = entry.status();
        if (status != null && status.state() == RunStatus.State.FAILED) {
            return progress.end(State.FAILED, why(status), Instant.now());
        }
        if (progress.interruptions() >= MOST_INTERRUPTIONS) {
            return progress.end(
                    State.FAILED,
                    "Its engine died %d times; the queue's last words are in %s."
                            .formatted(progress.interruptions() + 1, log()),
                    Instant.now());
        }
        return progress.end(State.WAITING, null, Instant.now());
    }

    static @Nullable String why(RunStatus status) {
        return status.problem() == null ? null : status.problem().what();
    }

    /// Whether the run and all that follows it by its spec's `then` are finished.
    private boolean isFinished(Entry entry) {
        RunStatus status = entry.status();
        if (status == null || status.state() != RunStatus.State.FINISHED) {
            return false;
        }
        RunDirectory run = run(entry);
        for (RunDirectory next = run.next(); next != null; next = next.next()) {
            RunStatus its = RunStatus.read(next.status(), Instant.now());
            if (its == null || its.state() != RunStatus.State.FINISHED) {
                return false;
            }
        }
        return true;
    }

    private List<Entry> readAll() {
        if (!exists()) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(requests())) {
            for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
                String name = file.getFileName().toString();
                Entry entry = find(name.substring(0, name.length() - SUFFIX.length()));
                if (entry != null) {
                    entries.add(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        entries.sort(
                Comparator.comparing((Entry entry) -> -entry.request().priority())
                        .thenComparing(entry -> entry.request().rank())
                        .thenComparing(Entry::id));
        return List.copyOf(entries);
    }

    private Entry entry(String id) {
        Entry entry = find(id);
        if (entry == null) {
            throw Problem.badRequest(
                    "There is no run " + id + " in " + path() + ".", "Look at the queue again.");
        }
        return entry;
    }

    private @Nullable Entry find(String id) {
        Request request = read(request(id), Request.class);
        if (request == null) {
            return null;
        }
        Progress progress = read(progress(id), Progress.class);
        Path status = new RunDirectory(folder.resolve(request.run())).status();
        return new Entry(
                id,
                request,
                progress == null ? Progress.NONE : progress,
                RunStatus.read(status, Instant.now()));
    }

    private void change(String id, UnaryOperator<Request> change) {
        write(request(id), change.apply(entry(id).request()));
    }

    private Path requests() {
        return path().resolve("requests");
    }

    private Path request(String id) {
        return requests().resolve(id + SUFFIX);
    }

    private Path progress(String id) {
        return path().resolve("progress").resolve(id + SUFFIX);
    }

    Path owner() {
        return path().resolve("owner.json");
    }

    Path slots() {
        return path().resolve("slots");
    }

    private void makeFolders() {
        try {
            Files.createDirectories(requests());
            Files.createDirectories(path().resolve("progress"));
            Files.createDirectories(slots());
        } catch (IOException e) {
            throw Problem.badRequest(
                    path() + " cannot be made: " + e.getMessage() + ".",
                    "Choose a folder that can be written.",
                    e);
        }
    }

    /// One process, and one thread of it, at a time; a process that dies lets go by itself.
    private <T extends @Nullable Object> T locked(Supplier<T> work) {
        try (HeldFile _ = HeldFile.take(path().resolve("lock"))) {
            return work.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> @Nullable T read(Path file, Class<T> type) {
        try {
            return JSON.readValue(Files.readString(file), type);
        } catch (NoSuchFileException _) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JacksonException e) {
            throw Problem.failed(
                    file + " is not what this version writes: " + e.getOriginalMessage() + ".",
                    "Delete that file; nothing else depends on it.",
                    e);
        }
    }

    static void write(Path file, Object value) {
        AtomicFile.write(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
    }
}
