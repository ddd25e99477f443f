package dev.slimelab.engine;

import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.train.TrainingRun;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Trains in the foreground until done, stopped or interrupted, and what follows by a spec's `then`
/// too.
final class Foreground {
    /// How long an interrupted engine may take to finish its step and save.
    private static final int SAVE_SECONDS = 30;

    private Foreground() {}

    static int train(TrainingRun first, CommandSpec command) throws InterruptedException {
        var current = new AtomicReference<>(first);
        var ended = new CountDownLatch(1);
        onInterrupt(() -> current.get().stop(), ended);
        try {
            @Nullable TrainingRun run = first;
            while (run != null) {
                current.set(run);
                State state = run.run();
                command.commandLine()
                        .getOut()
                        .println(
                                (state == State.FINISHED ? "Finished: " : "Stopped: ")
                                        + run.folder());
                run = state == State.FINISHED ? run.next() : null;
            }
        } finally {
            ended.countDown();
        }
        return 0;
    }

    /// Lets an interrupted process, or one asked to end, finish in order.
    ///
    /// @param stop asks for the end
    /// @param ended waited for, before the process goes
    static void onInterrupt(Runnable stop, CountDownLatch ended) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    stop.run();
                                    awaitUninterruptibly(ended);
                                }));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            if (!latch.await(SAVE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The run did not end in time; its metrics are kept.");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
