package dev.slimelab.app.background;

import dev.slimelab.engine.problem.Problem;

import javafx.application.Platform;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Work that must not hold up the window: reading disks, starting engines, decoding JSON.
///
/// Results come back on the window's thread, one at a time. Repeated work that the window has not
/// yet taken notice of is not done again: a slow window gets fewer updates, never a queue of them.
public final class Background implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Background.class.getName());

    /// What is under way at the end has so long to come to its own.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /// Work under way.
    @FunctionalInterface
    public interface Job {
        /// Its result is no longer wanted.
        void cancel();

        /// Nothing under way.
        Job NONE = () -> {};
    }

    /// Refuses nothing: what comes after the window was closed is left undone.
    private final ScheduledExecutorService workers =
            new ScheduledThreadPoolExecutor(
                    4, // reading runs goes on while an engine is waited for
                    task -> {
                        Thread thread = new Thread(task, "background");
                        thread.setDaemon(true);
                        return thread;
                    },
                    new ThreadPoolExecutor.DiscardPolicy());

    private final Executor window;
    private final List<String> doing = new ArrayList<>();
    private final ReadOnlyStringWrapper activity = new ReadOnlyStringWrapper("");

    /// @param window runs things on the window's thread
    public Background(Executor window) {
        this.window = window;
    }

    public static Background ofTheWindow() {
        return new Background(Platform::runLater);
    }

    /// What is being done that a person is waiting for, in words; empty when nothing is.
    public ReadOnlyStringProperty activity() {
        return activity.getReadOnlyProperty();
    }

    /// Does something once; nothing after [#close].
    ///
    /// @param what words for [#activity]: "Starting slime-p2"; empty where nobody waits for it
    public <T> Job run(String what, Supplier<T> work, Consumer<T> done, Consumer<Problem> failed) {
        AtomicBoolean cancelled = new AtomicBoolean();
        begin(what);
        workers.execute(
                () -> {
                    try {
                        T result = work.get();
                        finish(what, cancelled, () -> done.accept(result));
                    } catch (RuntimeException e) {
                        Problem problem = told(e);
                        finish(what, cancelled, () -> failed.accept(problem));
                    }
                });
        return () -> cancelled.set(true);
    }

    private void finish(String what, AtomicBoolean cancelled, Runnable then) {
        window.execute(
                () -> {
                    end(what);
                    if (!cancelled.get()) {
                        then.run();
                    }
                });
    }

    /// Says in [#activity] that something is being done. For the window's thread.
    void begin(String what) {
        if (!what.isEmpty()) {
            doing.add(what);
            activity.set(what);
        }
    }

    /// Takes back what [#begin] said; the latest of what else is being done is told again.
    void end(String what) {
        doing.remove(what);
        activity.set(doing.isEmpty() ? "" : doing.getLast());
    }

    /// Does something again and again, with a pause between, until [#close].
    ///
    /// @param work returns null when there is nothing to show
    public <T> Job every(
            Duration pause,
            Supplier<@Nullable T> work,
            Consumer<T> show,
            Consumer<Problem> failed) {
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicBoolean unseen = new AtomicBoolean();
        Runnable turn =
                () -> {
                    if (cancelled.get() || unseen.get()) {
                        return;
                    }
                    try {
                        T result = work.get();
                        if (result != null) {
                            show(cancelled, unseen, () -> show.accept(result));
                        }
                    } catch (RuntimeException e) {
                        // Maybe a file that is just being replaced; the next turn reads it.
                        Problem problem = told(e);
                        show(cancelled, unseen, () -> failed.accept(problem));
                    }
                };
        var future =
                workers.scheduleWithFixedDelay(turn, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return () -> {
            cancelled.set(true);
            future.cancel(false);
        };
    }

    private void show(AtomicBoolean cancelled, AtomicBoolean unseen, Runnable then) {
        unseen.set(true);
        window.execute(
                () -> {
                    unseen.set(false);
                    if (!cancelled.get()) {
                        then.run();
                    }
                });
    }

    /// What a person is told of work that failed.
    private static Problem told(RuntimeException e) {
        return switch (e) {
            case Problem problem -> problem;
            case UncheckedIOException unreadable ->
                    Problem.failed(
                            "A file of the runs folder could not be used: "
                                    + unreadable.getMessage()
                                    + ".",
                            "Check that the folder can be read and written.",
                            unreadable);
            default -> {
                LOG.log(Level.SEVERE, "Work of the window failed", e);
                yield Problem.failed(
                        "SlimeLab made a mistake: " + e + ".",
                        "Standard error says where; please report it.",
                        e);
            }
        };
    }

    /// Waits for what was asked for with [#run], so that the last word is on the disk, but not for
    /// long; begins nothing afterwards.
    @Override
    public void close() {
        workers.shutdown();
        try {
            workers.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            workers.shutdownNow();
        }
    }
}
