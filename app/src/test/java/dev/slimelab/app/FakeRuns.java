package dev.slimelab.app;

import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.run.JsonLinesWriter;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.Failure;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Run directories as an engine leaves them, written at once: the shapes of the curves are those of
/// the built-in experiment, the numbers are made up.
public final class FakeRuns {
    /// How a fake run goes.
    ///
    /// @param chosen change of the chosen log-likelihood at the end, and so on
    public record Course(double chosen, double rejected, double greedy, double sampled) {}

    public static final Map<String, Course> SAMPLES =
            new LinkedHashMap<>(
                    Map.of(
                            "slime", new Course(-0.03, -0.32, 8.47, 6.0),
                            "simpo", new Course(-0.74, -2.1, 3.02, 1.99),
                            "dpo", new Course(-0.29, -0.95, 3.47, 2.71),
                            "slime-no-stabiliser", new Course(-0.17, -1.3, 5.54, 3.48),
                            "more-sft", new Course(0.012, -0.05, 9.11, 7.88)));

    private static final int STEPS = 160;

    private FakeRuns() {}

    public static void writeSamples(Path folder) {
        SAMPLES.forEach((name, course) -> finished(folder.resolve(name), spec(name), course));
    }

    public static RunSpec spec(String name) {
        String preset =
                name.startsWith("more")
                        ? Preset.SFT.id()
                        : name.startsWith("slime") ? Preset.SLIME.id() : name.replaceAll("-.*", "");
        ObjectNode tree =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                {
                  "model": { "path": "tiny" },
                  "data": { "format": "tiny-lab" },
                  "adapter": "full",
                  "optimization": { "learningRate": 3e-4, "maxSteps": 160 },
                  "evaluation": { "everySteps": 10, "probePairs": 96, "scoredPrompts": 96 }
                }
                """);
        tree.put("name", name);
        ObjectNode objective = tree.putObject("objective");
        objective.put("preset", preset);
        if (name.endsWith("no-stabiliser")) {
            objective.putNull("stabiliser");
        }
        return SpecJson.fromTree(tree);
    }

    public static void finished(Path folder, RunSpec spec, Course course) {
        RunDirectory run = begin(folder, spec);
        metrics(run, course, 0, STEPS);
        status(run, State.FINISHED, STEPS, null);
    }

    /// A run that stands at a step; with the writer's own process id it counts as alive.
    public static RunDirectory at(Path folder, RunSpec spec, State state, int step) {
        RunDirectory run = begin(folder, spec);
        metrics(run, new Course(-0.05, -0.4, 8.4, 6.1), 0, step);
        status(run, state, step, null);
        return run;
    }

    public static RunDirectory failed(
            Path folder, RunSpec spec, int step, Failure failure, List<String> log) {
        RunDirectory run = begin(folder, spec);
        metrics(run, new Course(-0.05, -0.4, 8.4, 6.1), 0, step);
        status(run, State.FAILED, step, failure);
        write(run.log(), String.join("\n", log) + "\n");
        return run;
    }

    /// A finished run with something to play at some steps, and the prompt of its samples.
    public static RunDirectory played(Path folder, int... steps) {
        finished(folder, spec("slime"), new Course(-0.05, -0.4, 8.4, 6.1));
        RunDirectory run = new RunDirectory(folder);
        try {
            for (int step : steps) {
                Files.createDirectories(run.checkpoints().at(step).adapter());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(
                run.samples(),
                "{\"step\": 0, \"prompt\": \"Add 1 and 2.\", \"answer\": \"3\", \"ended\": true}\n");
        return run;
    }

    /// A copy of a run that the engine wrote, with everything a run leaves.
    public static RunDirectory recorded(Path folder, String name) {
        Path from = Path.of("..", "sample-runs", name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                Files.createDirectories(to.resolveSibling(""));
                Files.copy(file, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new RunDirectory(folder);
    }

    /// A recorded run as if it were under way: with checkpoints, a pause and an edit.
    public static RunDirectory edited(Path folder) {
        RunDirectory run = recorded(folder, "slime");
        status(run, State.TRAINING, STEPS, null);
        try (JsonLinesWriter events = new JsonLinesWriter(run.events())) {
            String time = "2026-11-21T14:10:00Z";
            events.append(Map.of("time", time, "event", "checkpoint", "step", 60));
            Map<String, Object> edit = new LinkedHashMap<>();
            edit.put("time", time);
            edit.put("event", "edited");
            edit.put("step", 80);
            edit.put("path", "objective.stabiliser.delta");
            edit.put("old", 1.25);
            edit.put("new", 2.0);
            edit.put("by", "ada");
            events.append(edit);
            for (int step : List.of(60, 120)) {
                Files.createDirectories(run.checkpoints().at(step).path());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run;
    }

    public static RunDirectory begin(Path folder, RunSpec spec) {
        RunDirectory run = new RunDirectory(folder);
        try {
            Files.createDirectories(run.control());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(run.spec(), SpecJson.text(spec));
        return run;
    }

    public static void status(RunDirectory run, State state, int step, @Nullable Failure failure) {
        new RunStatus(
                        state,
                        step,
                        STEPS,
                        step / 250.0,
                        (STEPS - step) * 0.16,
                        ProcessHandle.current().pid(),
                        RunStatus.localHost(),
                        Instant.now(),
                        failure)
                .write(run.status());
    }

    /// Appends the lines of steps `from` to before `to`.
    public static void metrics(RunDirectory run, Course course, int from, int to) {
        SplittableRandom random = new SplittableRandom(run.name().hashCode());
        try (JsonLinesWriter writer = new JsonLinesWriter(run.metrics())) {
            for (int step = 0; step < to; step++) {
                Map<String, Object> line = line(course, step, random);
                if (step >= from) {
                    writer.append(line);
                }
            }
        }
    }

    private static Map<String, Object> line(Course course, int step, SplittableRandom random) {
        double share = 1 - Math.exp(-3.0 * step / STEPS);
        double batch = 0.08 * random.nextGaussian();
        double chosen = -0.43 + course.chosen() * share + batch;
        double rejected = -0.55 + course.rejected() * share + batch + 0.05 * random.nextGaussian();
        double margin = chosen - rejected;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("epoch", step / 250.0);
        line.put("time", 0.16 * step);
        line.put("tokens", step * 1400.0);
        double contrast = Math.max(0.05, 1.2 - margin + 0.06 * random.nextGaussian());
        line.put("loss", contrast + 0.05 + 0.2);
        line.put("loss/contrast", contrast);
        line.put("loss/anchor", -0.1 * chosen);
        line.put("loss/stabiliser", 0.2 + 0.05 * share + 0.02 * random.nextGaussian());
        line.put("gradient_share/contrast", 0.83);
        line.put("gradient_share/anchor", 0.07);
        line.put("gradient_share/stabiliser", 0.10);
        line.put("gradient_chosen/contrast", -1.0);
        line.put("gradient_rejected/contrast", 1.0);
        line.put("gradient_rejected/stabiliser", -0.3);
        line.put("logps_mean/chosen", chosen);
        line.put("logps_mean/rejected", rejected);
        line.put("logps_mean/margin", margin);
        line.put(
                "rewards/accuracies",
                Math.min(1, 0.62 + 0.3 * share + 0.08 * random.nextGaussian()));
        line.put("tokens_per_second", 5100 + 100 * random.nextGaussian());
        line.put("memory_bytes", 1.02e9);
        if (step % 10 == 0 || step == STEPS - 1) {
            line.put("logps_delta/chosen", course.chosen() * share);
            line.put("logps_delta/rejected", course.rejected() * share);
            line.put("probe/margin", 0.12 + (course.chosen() - course.rejected()) * share);
            line.put("score/greedy", 8.69 + (course.greedy() - 8.69) * share);
            line.put("score/sampled", 7.39 + (course.sampled() - 7.39) * share);
        }
        return line;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
