package dev.slimelab.app;

import dev.slimelab.app.FakeRuns.Course;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.Control.Request;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.SpecJson;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/// What an engine looks like from outside, without a model: it counts, writes metrics and obeys
/// `control/`.
///
/// Arguments as the engine's: `train SPEC.json --run DIR` or `resume DIR`. A run whose folder holds
/// a file `refuse` is not resumed. `data …` is answered with a recorded answer, `score SPEC --pairs
/// N --json` and `model SPEC --json` with made up ones: a spec called `slow` takes long to score,
/// one called `refused` cannot be. `queue DIR` works a queue off alone, `serve` is [FakeServer].
public final class FakeEngine {
    private static final Course COURSE = new Course(-0.05, -0.4, 8.4, 6.1);
    private static final int STEPS = 160;

    private FakeEngine() {}

    /// Starts fakes instead of engines.
    public static EngineProcess processes(Path runs) {
        return new EngineProcess(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                FakeEngine.class.getName(),
                runs);
    }

    @SuppressWarnings("SystemOut") // what an engine answers with
    public static void main(String[] arguments) throws InterruptedException, IOException {
        switch (arguments[0]) {
            case "score" ->
                    System.out.println(
                            score(SpecJson.read(Path.of(arguments[1]), List.of()).name()));
            case "model" -> System.out.println(MODEL);
            case "serve" -> FakeServer.serve(arguments);
            case "data" ->
                    answer(
                            Arrays.stream(arguments).anyMatch(each -> each.startsWith("--from="))
                                    ? "rows.json"
                                    : "account.json");
            case "queue" ->
                    new Worker(new RunQueue(Path.of(arguments[1])), new FakeSweep.Training())
                            .work();
            default -> train(arguments);
        }
    }

    /// Pairs whose chosen answers get likelier from pair to pair.
    private static String score(String name) throws InterruptedException {
        if (name.equals("refused")) {
            System.err.println("The folder tiny does not exist.\nCorrect model.path.");
            System.exit(2);
        }
        Thread.sleep(name.equals("slow") ? 60_000 : 0);
        return scores().json();
    }

    static PairScores scores() {
        double[][] chosen = new double[64][];
        double[][] rejected = new double[64][];
        for (int pair = 0; pair < 64; pair++) {
            chosen[pair] = new double[] {-2 + pair / 32.0, -2 + pair / 32.0, -0.05};
            rejected[pair] = new double[] {-3.5, -1.5 - pair / 16.0, -0.1, -2};
        }
        PairLogps policy = new PairLogps(chosen, rejected);
        return new PairScores(
                IntStream.range(0, 64).map(row -> 62 * row).boxed().toList(),
                4000,
                new PairLogps(chosen, rejected, policy));
    }

    private static final String MODEL =
            """
            {"path": "tiny", "family": "llama", "layers": 3, "hiddenSize": 96, "intermediateSize": 264,
             "heads": 4, "keyValueHeads": 4, "headDim": 24, "vocabulary": 640, "positions": 256,
             "tiedEmbeddings": true, "parameters": 400800, "stored": {"F32": 400800},
             "storedBytes": 1603200, "precision": "fp32", "trainedParameters": 400800,
             "memoryBytes": {"weights": 0, "trained": 1603200, "gradients": 1603200,
                             "optimizer": 3206400, "total": 6412800}}
            """;

    private static void train(String[] arguments) throws InterruptedException {
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
