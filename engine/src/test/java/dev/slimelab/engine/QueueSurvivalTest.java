package dev.slimelab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.Entry.State;
import dev.slimelab.engine.queue.Owner;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.queue.WorkerId;
import dev.slimelab.engine.random.SplitMix64;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// A queue of real runs whose engines and owner are killed again and again.
///
/// Every run ends, finished or failed with a reason; none is trained by two engines or twice to its
/// end; higher priorities are begun first, and equal ones in their order.
@Tag("survival")
class QueueSurvivalTest {
    private static final int RUNS = Integer.getInteger("slimelab.survival.runs", 200);
    private static final Duration AT_MOST = Duration.ofMinutes(25);

    /// On average: long enough for a worker to come up and do something.
    private static final int MILLIS_BETWEEN_KILLS = 9000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void everyRunEndsOnceAndInOrderHoweverOftenItsEnginesDie()
            throws IOException, InterruptedException {
        RunQueue queue = fill();
        SplitMix64 chance = SplitMix64.named(0, "kills");
        Instant began = Instant.now();
        Process owner = start(queue);
        int engineKills = 0;
        int ownerKills = 0;
        while (!queue.entries().stream().allMatch(entry -> entry.state().isFinal())) {
            assertThat(Duration.between(began, Instant.now())).isLessThan(AT_MOST);
            Thread.sleep(chance.between(MILLIS_BETWEEN_KILLS / 2, MILLIS_BETWEEN_KILLS * 3 / 2));
            if (chance.chance(30)) {
                owner.destroyForcibly().waitFor();
                ownerKills++;
            }
            List<Long> workers = working(queue);
            if (!workers.isEmpty() && chance.chance(80)) {
                ProcessHandle.of(chance.pick(workers)).ifPresent(ProcessHandle::destroyForcibly);
                engineKills++;
            }
            if (!owner.isAlive()) {
                owner = start(queue);
            }
        }
        owner.waitFor();
        List<Entry> entries = queue.entries();
        System.out.printf(
                "%d runs in %d s: %d finished, %d failed; %d engines and %d owners killed,"
                        + " %d interruptions%n",
                RUNS,
                Duration.between(began, Instant.now()).toSeconds(),
                entries.stream().filter(e -> e.state() == State.FINISHED).count(),
                entries.stream().filter(e -> e.state() == State.FAILED).count(),
                engineKills,
                ownerKills,
                entries.stream().mapToInt(e -> e.progress().interruptions()).sum());
        assertThat(engineKills).isPositive();
        assertThat(ownerKills).isPositive();
        entries.forEach(entry -> requireEnd(queue, entry));
        requireOrder(entries);
    }

    /// Three of the runs cannot be trained: their model is not there.
    private RunQueue fill() throws IOException {
        RunQueue queue = new RunQueue(folder);
        ObjectNode tree =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"name": "x",
                                         "model": {"config": {"model_type": "llama", "hidden_size": 16, "intermediate_size": 24,
                                            "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2,
                                            "vocab_size": 640, "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
                                            "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu",
                                            "initializer_range": 0.02}, "tokenizerPath": "tiny"},
                                         "data": {"format": "tiny-lab", "pairs": 8}, "adapter": "full",
                                         "optimization": {"learningRate": 1e-3, "maxSteps": 2, "batchPairs": 2, "microBatchPairs": 2},
                                         "evaluation": {"probePairs": 0, "samplePrompts": 0}, "checkpoint": {"everySteps": 1},
                                         "threads": 1}
                                        """);
        RunSpec good =
                SpecJson.fromTree(tree, Path.of("..", "assets").toAbsolutePath().normalize());
        RunSpec bad = SpecJson.changed(good, List.of("model.config.num_attention_heads=3"));
        List<RunDirectory> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            RunDirectory run = new RunDirectory(folder.resolve("run-%03d".formatted(i)));
            Files.createDirectories(run.path());
            run.freeze(SpecJson.changed(i % 67 == 50 ? bad : good, List.of("seeds.order=" + i)));
            runs.add(run);
        }
        queue.add(runs);
        for (Entry entry : queue.entries()) {
            if (number(entry) % 10 == 9) {
                queue.prioritise(entry.id(), 1);
            }
        }
        return queue;
    }

    private static Process start(RunQueue queue) throws IOException {
        List<String> worker =
                Owner.workers(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        queue);
        List<String> command = new ArrayList<>(worker);
        command.set(command.indexOf("work"), "queue");
        File log = queue.folder().resolve("owner.txt").toFile();
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectError(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private static List<Long> working(RunQueue queue) {
        return queue.entries().stream()
                .filter(entry -> entry.state() == State.RUNNING)
                .map(entry -> entry.progress().worker())
                .filter(Objects::nonNull)
                .map(WorkerId::pid)
                .toList();
    }

    /// A whole run has one line for step 0 and one for each step, however often it was taken up
    /// again.
    private static void requireEnd(RunQueue queue, Entry entry) {
        RunDirectory run = queue.run(entry);
        if (entry.state() == State.FAILED) {
            assertThat(entry.progress().why()).isNotBlank();
            return;
        }
        assertThat(entry.state()).isEqualTo(State.FINISHED);
        List<JsonNode> lines = new JsonLinesTail(run.metrics()).poll().lines();
        assertThat(lines.stream().map(line -> line.get("step").intValue()))
                .as(run.name())
                .containsExactly(0, 1, 2);
        long begun =
                new JsonLinesTail(run.events())
                        .poll().lines().stream()
                                .filter(line -> line.path("event").asString("").equals("resumed"))
                                .count();
        assertThat(begun).as(run.name()).isLessThanOrEqualTo(entry.progress().interruptions());
    }

    /// Among runs that were never interrupted: urgent ones were begun before the others, and each
    /// kind in its order. Two may be begun at the same time, so neighbours are compared as they
    /// were begun.
    private static void requireOrder(List<Entry> entries) {
        List<Entry> begun =
                entries.stream()
                        .sorted(
                                Comparator.comparing(
                                        e -> Objects.requireNonNull(e.progress().began())))
                        .toList();
        assertThat(begun.stream().map(Entry::id).toList())
                .isEqualTo(entries.stream().map(Entry::id).toList());
    }

    private static int number(Entry entry) {
        return Integer.parseInt(entry.request().run().substring("run-".length()));
    }
}
