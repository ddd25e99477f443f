package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/// Whole runs of a very small model on the built-in corpus, as `slimelab train` makes them.
class TrainingRunTest {
    /// What differs between two runs of one spec: time, throughput and memory.
    private static final Set<String> OF_THE_MOMENT =
            Set.of("time", "tokens_per_second", "seconds_per_step", "memory_bytes");

    @TempDir private Path folder;

    @Test
    void aRunLeavesEverythingBehind() throws InterruptedException {
        RunDirectory run =
                train("complete", "evaluation.scoredPrompts=2", "evaluation.samplePrompts=2");

        assertThat(status(run).state()).isEqualTo(State.FINISHED);
        assertThat(status(run).step()).isEqualTo(6);
        assertThat(run.environment()).exists();
        assertThat(run.samples()).exists();
        assertThat(run.tokens().resolve("step-000006.json")).exists();
        assertThat(run.adapter().resolve("adapter_model.safetensors")).exists();
        List<JsonNode> lines = metrics(run);
        assertThat(lines).hasSize(7);
        assertThat(lines.getFirst().has("loss")).isFalse();
        assertThat(lines.getFirst().get("logps_delta/chosen").doubleValue()).isZero();
        assertThat(lines.getLast().propertyNames())
                .contains(
                        "loss",
                        "loss/contrast",
                        "loss/anchor",
                        "loss/stabiliser",
                        "gradient_share/stabiliser",
                        "logps_mean/chosen",
                        "rewards/accuracies",
                        "score/greedy",
                        "score/sampled",
                        "displacement_rate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slime", "slime-code", "dpo", "simpo"})
    void everyPresetTrainsWithAdapterAndInFull(String preset) throws InterruptedException {
        for (String adapter : List.of("lora", "full")) {
            RunDirectory run =
                    train(
                            preset + "-" + adapter,
                            "objective=" + preset,
                            "adapter={\"kind\":\"" + adapter + "\"}");

            assertThat(status(run).state()).isEqualTo(State.FINISHED);
            assertThat(last(run, "loss"))
                    .isNotEqualTo(metrics(run).get(1).get("loss").doubleValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretrain", "sft"})
    void stagesWithoutPairsLowerTheirLoss(String stage) throws InterruptedException {
        RunDirectory run =
                train(
                        stage,
                        "stage=" + stage,
                        "data.split=" + stage,
                        "adapter={\"kind\":\"full\"}");

        assertThat(last(run, "loss")).isLessThan(metrics(run).get(1).get("loss").doubleValue());
        assertThat(metrics(run).getLast().has("rewards/margins")).isFalse();
        assertThat(run.model().resolve("model.safetensors")).exists();
        assertThat(run.model().resolve("tokenizer.json")).exists();
    }

    @Test
    void dpoStartsAtLnTwo() throws InterruptedException {
        for (String adapter : List.of("lora", "full")) {
            RunDirectory run =
                    train(
                            "dpo-start-" + adapter,
                            "objective=dpo",
                            "adapter={\"kind\":\"" + adapter + "\"}");

            assertThat(metrics(run).get(1).get("loss").doubleValue())
                    .isCloseTo(Math.log(2), Tolerances.FLOAT32);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void theSameSpecGivesTheSameMetricsBitForBit(String precision) throws InterruptedException {
        RunDirectory one = train("one", "model.precision=" + precision);
        RunDirectory other = train("other", "model.precision=" + precision);

        assertThat(lasting(one)).isEqualTo(lasting(other));
    }

    @Test
    void anotherSeedGivesOtherMetrics() throws InterruptedException {
        assertThat(lasting(train("one"))).isNotEqualTo(lasting(train("other", "seeds.order=1")));
    }

    @ParameterizedTest
    @CsvSource({"slime", "slime-code", "dpo"})
    void metricsDoNotDependOnTheMicroBatch(String preset) throws InterruptedException {
        RunDirectory whole =
                train("whole", "objective=" + preset, "optimization.microBatchPairs=8");
        RunDirectory split =
                train("split", "objective=" + preset, "optimization.microBatchPairs=3");

        for (String key :
                List.of("loss", "grad_norm", "logps/chosen", "logps_delta/chosen", "entropy")) {
            assertThat(last(split, key)).isCloseTo(last(whole, key), Tolerances.SPLIT_BATCH);
        }
    }

    @Test
    void bf16StaysCloseToFp32() throws InterruptedException {
        double exact = last(train("fp32"), "loss");
        double rounded = last(train("bf16", "model.precision=bf16"), "loss");

        assertThat(rounded).isCloseTo(exact, within(Tolerances.BFLOAT16_MEAN * exact));
    }

    @Test
    void pauseResumeAndStopAreAcknowledgedWithinASecond()
            throws InterruptedException, ExecutionException, IOException {
        Path runFolder = folder.resolve("controlled");
        TrainingRun training = run(runFolder, "optimization.maxSteps=100000");
        CompletableFuture<State> ended =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return training.run();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        RunDirectory run = new RunDirectory(runFolder);
        Control control = new Control(run.control());
        await(Duration.ofSeconds(60), () -> Files.exists(run.status()) && status(run).step() > 2);

        control.ask(Control.Request.PAUSE);
        await(Duration.ofSeconds(1), () -> events(run).contains("pause"));
        await(Duration.ofSeconds(5), () -> status(run).state() == State.PAUSED);
        int pausedAt = metrics(run).size();
        control.ask(Control.Request.RESUME);
        await(Duration.ofSeconds(1), () -> events(run).contains("resume"));
        await(Duration.ofSeconds(10), () -> metrics(run).size() > pausedAt);
        control.ask(Control.Request.STOP);
        await(Duration.ofSeconds(1), () -> events(run).contains("stop"));

        assertThat(ended.get()).isEqualTo(State.STOPPED);
        assertThat(status(run).state()).isEqualTo(State.STOPPED);
        assertThat(run.adapter().resolve("adapter_config.json")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data={\"path\":\"none.jsonl\"} | none.jsonl",
                "model={\"path\":\"nowhere\"} | nowhere",
                "adapter.targets=[\"qproj\"] | qproj",
            })
    void aRefusedRequestLeavesNothingBehind(String change, String named) {
        Path runFolder = folder.resolve("refused");

        assertThatThrownBy(() -> run(runFolder, change).run())
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.kind()).isEqualTo(Problem.Kind.BAD_REQUEST);
                            assertThat(problem).hasMessageContaining(named);
                        });
        assertThat(runFolder).doesNotExist();
    }

    private RunDirectory train(String name, String... changes) throws InterruptedException {
        Path runFolder = folder.resolve(name);
        run(runFolder, changes).run();
        return new RunDirectory(runFolder);
    }

    private TrainingRun run(Path runFolder, String... changes) {
        Path file = folder.resolve("small.json");
        try {
            Files.writeString(
                    file,
                    """
                    {"name": "small",
                     "model": {"config": {"model_type": "llama", "hidden_size": 32, "intermediate_size": 48,
                        "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                        "vocab_size": 640, "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
                        "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu",
                        "initializer_range": 0.02},
                        "tokenizerPath": "%s"},
                     "data": {"format": "tiny-lab", "pairs": 40},
                     "adapter": {"kind": "lora", "r": 4, "alpha": 8},
                     "optimization": {"learningRate": 1e-2, "maxSteps": 6, "batchPairs": 8, "microBatchPairs": 8},
                     "evaluation": {"everySteps": 3, "probePairs": 4, "samplePrompts": 0},
                     "threads": 1}
                    """
                            .formatted(
                                    Path.of("..", "assets", "tiny")
                                            .toAbsolutePath()
                                            .normalize()
                                            .toString()
                                            .replace('\\', '/')));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new TrainingRun(SpecJson.read(file, List.of(changes)), runFolder, _ -> {});
    }

    private static List<JsonNode> metrics(RunDirectory run) {
        return new JsonLinesTail(run.metrics()).poll().lines();
    }

    private static double last(RunDirectory run, String key) {
        return metrics(run).getLast().get(key).doubleValue();
    }

    private static List<Map<String, String>> lasting(RunDirectory run) {
        List<Map<String, String>> lines = new ArrayList<>();
        for (JsonNode line : metrics(run)) {
            Map<String, String> values = new TreeMap<>();
            line.properties().stream()
                    .filter(metric -> !OF_THE_MOMENT.contains(metric.getKey()))
                    .forEach(metric -> values.put(metric.getKey(), metric.getValue().toString()));
            lines.add(values);
        }
        return lines;
    }

    private static RunStatus status(RunDirectory run) {
        RunStatus status = RunStatus.read(run.status(), Instant.now());
        assertThat(status).isNotNull();
        return java.util.Objects.requireNonNull(status);
    }

    private static List<String> events(RunDirectory run) {
        return new JsonLinesTail(run.events())
                .poll().lines().stream().map(line -> line.get("event").stringValue()).toList();
    }

    /// Polls, because what is awaited happens in another thread through files.
    private static void await(Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(limit);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("within " + limit).isBefore(deadline);
            Thread.sleep(20);
        }
    }
}
