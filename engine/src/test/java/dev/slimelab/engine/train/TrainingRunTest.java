package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.SmallRuns.lasting;
import static dev.slimelab.engine.train.SmallRuns.metrics;

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/// Whole runs of a very small model on the built-in corpus, as `slimelab train` makes them.
class TrainingRunTest {
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

    @Test
    void usefulTokensAreThoseOfTheAnswers() throws InterruptedException {
        JsonNode first = metrics(train("useful", "optimization.maxSteps=1")).get(1);
        double pairs = 8;
        double answers =
                pairs
                        * (first.get("len/chosen").doubleValue()
                                + first.get("len/rejected").doubleValue());

        assertThat(first.get("useful_tokens").doubleValue())
                .isCloseTo(answers / first.get("num_tokens").doubleValue(), within(1e-12));
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

    @ParameterizedTest
    @ValueSource(strings = {"slime", "dpo"})
    void checkpointedRunsAreTheSameToTheLastBit(String preset) throws InterruptedException {
        RunDirectory kept = train("kept", "objective=" + preset);
        RunDirectory again =
                train("again", "objective=" + preset, "optimization.gradientCheckpointing=1");

        assertThat(again.adapter().resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(kept.adapter().resolve("adapter_model.safetensors"));
    }

    @Test
    void heldOutRowsAreMeasuredAndNotTrainedOn() throws InterruptedException, IOException {
        Path pairs = folder.resolve("pairs.jsonl");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append(
                    "{\"prompt\": \"Add %d.\", \"chosen\": \"It is %d.\", \"rejected\": \"No.\"}\n"
                            .formatted(i, i));
        }
        Files.writeString(pairs, rows);
        String data =
                "data={\"path\":\"%s\",\"evaluationFraction\":0.2}"
                        .formatted(pairs.toString().replace('\\', '/'));

        RunDirectory dpo = train("dpo", data, "objective=dpo", "optimization.epochs=1");
        RunDirectory sft = train("sft", data, "stage=sft");

        assertThat(metrics(dpo).getFirst().get("eval/loss").doubleValue())
                .isCloseTo(Math.log(2), Tolerances.FLOAT32);
        assertThat(last(dpo, "eval/loss")).isLessThan(Math.log(2));
        assertThat(last(dpo, "eval/rewards/accuracies")).isEqualTo(1);
        assertThat(metrics(dpo).get(2).get("epoch").doubleValue())
                .as("sixteen rows are left to train on, in batches of eight")
                .isEqualTo(1);
        assertThat(last(sft, "eval/loss"))
                .isLessThan(metrics(sft).getFirst().get("eval/loss").doubleValue());
        assertThat(metrics(sft).getLast().has("eval/rewards/accuracies")).isFalse();
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
        return new TrainingRun(SmallRuns.spec(folder, changes), runFolder, _ -> {});
    }

    private static double last(RunDirectory run, String key) {
        return metrics(run).getLast().get(key).doubleValue();
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
