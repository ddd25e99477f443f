package dev.slimelab.engine.train;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// A thread that makes one thing after another while the run's own thread does something else.
final class Meanwhile<T> implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("data").factory());
    private @Nullable Future<T> begun;

    /// Begins with the next thing at once.
    Meanwhile<T> begin(Supplier<T> maker) {
        begun = thread.submit(maker::get);
        return this;
    }

    /// Waits for what was begun last. What its maker threw is thrown here, as it was.
    T get() throws InterruptedException {
        try {
            return requireNonNull(begun).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause(); // a supplier throws nothing else
        }
    }

    /// Interrupts what is not made yet, and waits until nothing runs.
    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
