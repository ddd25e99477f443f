package dev.slimelab.app;

import dev.slimelab.app.FakeRuns.Course;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.Control.Request;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/// What an engine looks like from outside, without a model: it counts, writes metrics and obeys
/// `control/`.
///
/// Arguments as the engine's: `train SPEC.json --run DIR` or `resume DIR`. A run whose folder holds
/// a file `refuse` is not resumed. `data …` is answered with a recorded answer.
public final class FakeEngine {
    private static final Course COURSE = new Course(-0.05, -0.4, 8.4, 6.1);
    private static final int STEPS = 160;

    private FakeEngine() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        if (arguments[0].equals("data")) {
            boolean rows = Arrays.stream(arguments).anyMatch(each -> each.startsWith("--from="));
            answer(rows ? "rows.json" : "account.json");
            return;
        }
        boolean resume = arguments[0].equals("resume");
        RunDirectory run = new RunDirectory(Path.of(arguments[resume ? 1 : 3]));
        if (resume && Files.exists(run.path().resolve("refuse"))) {
            System.err.println("The data has changed since the run began.");
            System.exit(2);
        }
        Control control = new Control(run.control());
        State state = State.TRAINING;
        int step = resume ? lastStep(run) : 0;
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

    private static void answer(String name) throws IOException {
        try (InputStream recorded = FakeEngine.class.getResourceAsStream("data/" + name)) {
            Objects.requireNonNull(recorded).transferTo(System.out);
        }
        System.out.flush();
    }

    private static int lastStep(RunDirectory run) {
        return Objects.requireNonNull(RunStatus.read(run.status(), Instant.now())).step();
    }
}
