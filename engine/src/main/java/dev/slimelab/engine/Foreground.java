package dev.slimelab.engine;

import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.train.TrainingRun;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.util.concurrent.atomic.AtomicReference;

/// Trains in the foreground until done, stopped or interrupted, and what follows by a spec's `then`
/// too.
final class Foreground {
    private Foreground() {}

    static int train(TrainingRun first, CommandSpec command, Main main)
            throws InterruptedException {
        var current = new AtomicReference<>(first);
        main.onInterrupt(() -> current.get().stop());
        @Nullable TrainingRun run = first;
        while (run != null) {
            current.set(run);
            State state = run.run();
            command.commandLine()
                    .getOut()
                    .println((state == State.FINISHED ? "Finished: " : "Stopped: ") + run.folder());
            run = state == State.FINISHED ? run.next() : null;
        }
        return 0;
    }
}
