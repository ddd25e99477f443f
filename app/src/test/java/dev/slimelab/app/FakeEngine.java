package dev.slimelab.app;

import dev.slimelab.app.FakeRuns.Course;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.Control.Request;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus.State;

import java.nio.file.Path;
import java.util.Set;

/// What an engine looks like from outside, without a model: it counts, writes metrics and obeys
/// `control/`.
///
/// Arguments as `train`: `train SPEC.json --run DIR`, or as `queue`: `queue DIR`, which it works
/// off alone.
public final class FakeEngine {
    private static final Course COURSE = new Course(-0.05, -0.4, 8.4, 6.1);
    private static final int STEPS = 160;

    private FakeEngine() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[0].equals("queue")) {
            new Worker(new RunQueue(Path.of(arguments[1])), new FakeSweep.Training()).work();
            return;
        }
        RunDirectory run = new RunDirectory(Path.of(arguments[3]));
        Control control = new Control(run.control());
        State state = State.TRAINING;
        int step = 0;
        while (step < STEPS) {
            Set<Request> asked = control.take();
            if (asked.contains(Request.STOP)) {
                FakeRuns.status(run, State.STOPPED, step, null);
                return;
            }
            state =
                    asked.contains(Request.PAUSE)
                            ? State.PAUSED
                            : asked.contains(Request.RESUME) ? State.TRAINING : state;
            if (state == State.TRAINING) {
                FakeRuns.metrics(run, COURSE, step, step + 1);
                step++;
            }
            FakeRuns.status(run, state, step, null);
            Thread.sleep(25);
        }
        FakeRuns.status(run, State.FINISHED, step, null);
    }
}
