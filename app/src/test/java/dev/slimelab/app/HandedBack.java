package dev.slimelab.app;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A window's thread for tests without a window: takes what a worker hands back when it is told to.
public final class HandedBack implements Executor {
    private final BlockingQueue<Runnable> results = new LinkedBlockingQueue<>();

    @Override
    public void execute(Runnable result) {
        results.add(result);
    }

    /// Waits for the next result and takes it.
    public void take() {
        try {
            Objects.requireNonNull(results.poll(10, TimeUnit.SECONDS), "nothing came").run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
