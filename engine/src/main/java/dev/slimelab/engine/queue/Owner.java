package dev.slimelab.engine.queue;

import dev.slimelab.engine.file.HeldFile;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.EngineJava;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Keeps workers alive while there is something to do: starts as many as may work at once, and new
/// ones for those that died. One process at a time owns a queue.
///
/// Workers that an earlier owner left are counted, not started again.
public final class Owner {
    private static final Duration POLL = Duration.ofMillis(200);

    /// Workers that died in a row before they came as far as taking a place.
    private static final int MOST_STILLBORN = 5;

    private final RunQueue queue;
    private final List<String> command;
    private final List<Process> workers = new ArrayList<>();
    private final Set<Long> seenAtWork = new HashSet<>();
    private int stillborn;
    private volatile boolean stopped;

    /// Starts nothing yet.
    ///
    /// @param command starts a worker of the queue
    public Owner(RunQueue queue, List<String> command) {
        this.queue = queue;
        this.command = List.copyOf(command);
    }

    /// What starts a worker.
    ///
    /// @param java to run it with
    /// @param classpath the engine and what it needs
    public static List<String> workers(Path java, String classpath, RunQueue queue) {
        List<String> command = EngineJava.command(java, classpath);
        command.addAll(List.of("dev.slimelab.engine.Main", "work", queue.folder().toString()));
        return command;
    }

    /// Works the queue off.
    ///
    /// @param watcher is told where all runs stand, a few times a second
    /// @param more asked when everything has ended: whether it added something to do
    /// @return the entries at the end
    /// @throws Problem bad request: where another process owns the queue; failed: where no worker
    ///   starts
    public List<Entry> run(Consumer<List<Entry>> watcher, BooleanSupplier more)
            throws InterruptedException {
        try (HeldFile _ = own()) {
            RunQueue.write(queue.owner(), WorkerId.self());
            while (true) {
                workers.removeIf(this::hasEnded);
                List<Entry> entries = queue.recover(); // after that: it looks after what they left
                int free = queue.settings().atOnce() - working();
                int wanted = free > 0 ? Math.min(free, queue.claimable()) : 0;
                for (int i = 0; i < wanted && !stopped; i++) {
                    start();
                }
                watcher.accept(entries);
                boolean idle =
                        workers.isEmpty()
                                && entries.stream().noneMatch(Entry::isTrained)
                                && (queue.claimable() == 0 || stopped);
                if (idle && (stopped || queue.isHeld() || !more.getAsBoolean())) {
                    return queue.entries();
                }
                Thread.sleep(POLL);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks its workers for an orderly end: their runs save their states and wait in the queue.
    public void stop() {
        stopped = true;
        workers.forEach(Process::destroy);
    }

    private HeldFile own() throws IOException {
        HeldFile held = HeldFile.tryTake(queue.path().resolve("owner.lock"));
        if (held == null) {
            throw Problem.badRequest(
                    queue.path() + " is being worked off by another process.",
                    "Watch it, or add to it: it takes up what is added.");
        }
        return held;
    }

    /// Own workers, those on their way up included, and others' that hold a place.
    private int working() {
        Set<Long> pids = new HashSet<>();
        workers.forEach(worker -> pids.add(worker.pid()));
        for (int slot = 0; slot < queue.settings().atOnce(); slot++) {
            WorkerId holder = holder(slot);
            if (holder != null && holder.isAlive()) {
                pids.add(holder.pid());
                seenAtWork.add(holder.pid());
            }
        }
        return pids.size();
    }

    private @Nullable WorkerId holder(int slot) {
        return RunQueue.read(queue.slots().resolve(slot + ".json"), WorkerId.class);
    }

    private boolean hasEnded(Process worker) {
        if (worker.isAlive()) {
            return false;
        }
        if (worker.exitValue() == 0 || seenAtWork.contains(worker.pid())) {
            stillborn = 0;
        } else if (++stillborn >= MOST_STILLBORN) {
            throw Problem.failed(
                    "Engines die before they begin: %d in a row, the last with exit code %d."
                            .formatted(stillborn, worker.exitValue()),
                    "Their last words are in " + queue.log() + ".");
        }
        return true;
    }

    private void start() {
        Path log = queue.log();
        try {
            workers.add(
                    EngineJava.process(command)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start());
        } catch (IOException e) {
            throw Problem.failed(
                    "An engine could not be started: " + e.getMessage() + ".",
                    "Check that " + command.getFirst() + " can be run.",
                    e);
        }
    }
}
