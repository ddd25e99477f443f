package dev.slimelab.app;

import dev.slimelab.app.FakeRuns.Course;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.sweep.SweepFolder;
import dev.slimelab.engine.sweep.Template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/// Sweeps as engines leave them, with made-up numbers.
final class FakeSweep {
    private FakeSweep() {}

    /// Table 4 with every run finished and no queue, as a sample.
    static SweepFolder finished(Path folder) throws InterruptedException, IOException {
        SweepFolder sweep = queued(folder);
        RunQueue queue = new RunQueue(folder);
        new Worker(queue, new Training()).work();
        try (var files = Files.walk(queue.path())) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return sweep;
    }

    /// Table 4 with its runs in a queue of its own.
    static SweepFolder queued(Path folder) {
        SweepFolder sweep = new SweepFolder(folder);
        sweep.begin(
                Template.TABLE4.on(FakeRuns.spec("slime")),
                new RunQueue(folder),
                RunQueue.Settings.INITIAL);
        return sweep;
    }

    /// Ends every run at once: w/o rejected falls, the others differ by noise.
    static final class Training implements Worker.Engine {
        @Override
        public State train(RunDirectory run) {
            SplittableRandom noise = new SplittableRandom(run.name().hashCode());
            boolean falls = run.name().startsWith("without-rejected");
            FakeRuns.metrics(
                    run,
                    new Course(
                            (falls ? -0.17 : -0.03) + 0.002 * noise.nextGaussian(),
                            (falls ? -1.5 : -0.3) + 0.01 * noise.nextGaussian(),
                            (falls ? 4.5 : 8.4) + 0.05 * noise.nextGaussian(),
                            (falls ? 3.3 : 6.0) + 0.1 * noise.nextGaussian()),
                    0,
                    160);
            FakeRuns.status(run, State.FINISHED, 160, null);
            return State.FINISHED;
        }

        @Override
        public void stop() {}
    }

    static List<String> runs(RunQueue queue) {
        return queue.entries().stream().map(entry -> entry.request().run()).toList();
    }
}
