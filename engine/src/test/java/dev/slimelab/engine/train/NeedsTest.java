package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.data.Tokenizer;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// What objectives ask for beside log-probs of pairs, on small models.
class NeedsTest {
    private static final Path TINY = Path.of("..", "assets", "tiny");

    @TempDir Path folder;

    /// z0 is the mean of log policy − log reference over the next row's answers under each prompt.
    @Test
    void ktoComparesWithTheNextRowsAnswers() {
        try (LanguageModel policy = small(4);
                LanguageModel other = small(3)) {
            List<Example> batch = batch(4);
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                for (int[] answer : batch.get((i + 1) % 4).row().completions()) {
                    var row = List.of(new Example(0, Row.of(batch.get(i).row().prompt(), answer)));
                    sum += total(policy, row) - total(other, row);
                }
            }
            var inputs = new ObjectiveInputs(policy, copyOf(other), new ObjectiveMemory(0));

            double kl =
                    requireNonNull(
                            inputs.measure(Preset.KTO.objective(), batch)
                                    .evaluation()
                                    .facts()
                                    .get("kl"));

            assertThat(kl).isCloseTo(Math.max(0, sum / 8), Tolerances.EXACT);
            assertThat(kl).isPositive();
            for (int microBatch = 1; microBatch <= 4; microBatch++) {
                assertThat(step(inputs, Preset.KTO, microBatch, batch).get("kl"))
                        .isCloseTo(kl, Tolerances.EXACT);
            }
        }
    }

    private static double total(LanguageModel model, List<Example> row) {
        return Arrays.stream(Passes.logps(model, row, PassOptions.evaluation()).chosen()[0]).sum();
    }

    private static ReferenceLogps copyOf(LanguageModel other) {
        return new ReferenceLogps.Copy(other);
    }

    /// A row that lacks an answer counts as the other answer alone.
    @Test
    void rowsWithOneAnswerAreEnoughForObjectivesThatDoNotCompare() {
        try (LanguageModel policy = small(3);
                LanguageModel other = small(4)) {
            List<Example> unpaired = new ArrayList<>();
            for (Example pair : batch(4)) {
                int[] chosen = pair.row().completions().get(0);
                int[] rejected = pair.row().completions().get(1);
                int[] none = {};
                unpaired.add(
                        new Example(
                                pair.index(),
                                pair.index() % 2 == 0
                                        ? Row.of(pair.row().prompt(), chosen, none)
                                        : Row.of(pair.row().prompt(), none, rejected)));
            }
            var inputs = new ObjectiveInputs(policy, copyOf(other), new ObjectiveMemory(0));

            Map<String, Double> metrics = step(inputs, Preset.KTO, 2, unpaired);

            assertThat(metrics.get("loss")).isFinite();
            assertThat(metrics.get("grad_norm")).isPositive();
            assertThat(metrics.get("rewards/accuracies")).isNaN();
            assertThat(metrics.get("rewards/chosen")).isFinite();
            unpaired.forEach(row -> row.requireFor(Preset.KTO.objective()));
            assertThatThrownBy(() -> unpaired.getFirst().requireFor(Preset.DPO.objective()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("pair 1 of the data has no rejected answer");
        }
    }

    private static Map<String, Double> step(
            ObjectiveInputs inputs, Preset preset, int microBatch, List<Example> batch) {
        try (AdamW optimizer = new AdamW(inputs.policy(), AdamW.Settings.standard())) {
            return new OptimizerStep(
                            new Replicas(inputs),
                            optimizer,
                            preset.objective(),
                            microBatch,
                            0,
                            null,
                            0)
                    .take(batch, 0);
        }
    }

    @Test
    void sentencesStartAfterTheirMarks() {
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            int end = requireNonNull(tokenizer.eos()).id();
            List<int[]> pieces =
                    List.of(
                            tokenizer.encode("The cat sat."),
                            tokenizer.encode(" It left!"),
                            tokenizer.encode(" Why?"),
                            new int[] {end});
            int[] answer = pieces.stream().flatMapToInt(Arrays::stream).toArray();

            assertThat(new Sentences(tokenizer).starts(answer))
                    .containsExactly(
                            0, pieces.get(0).length, pieces.get(0).length + pieces.get(1).length);
        }
    }

    @Test
    void columnsOfTheDataReachTheObjective() throws IOException {
        Path file = pairs("offset", "weight");
        try (Tokenizer tokenizer = Tokenizer.load(TINY);
                TrainingData data = data(Preset.ODPO, file, tokenizer)) {
            assertThat(data.training().stream().map(Example::offset))
                    .containsExactly(0.5, 1.0, 1.5, 2.0);
            assertThat(data.training().stream().map(Example::weight))
                    .containsExactly(0.5, 1.0, 1.5, 2.0);
        }
    }

    @Test
    void unpairedJudgementsReachObjectivesThatDoNotCompare() throws IOException {
        Path file =
                Files.write(
                        folder.resolve("unpaired.jsonl"),
                        List.of(
                                "{\"prompt\": \"One?\", \"completion\": \"Yes.\", \"label\": true}",
                                "{\"prompt\": \"Two?\", \"completion\": \"No.\", \"label\": false}"));
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            try (TrainingData data = data(Preset.KTO, file, tokenizer)) {
                assertThat(data.training().stream().map(Example::chosenTokens).map(n -> n > 0))
                        .containsExactly(true, false);
                assertThat(data.training().stream().map(Example::rejectedTokens).map(n -> n > 0))
                        .containsExactly(false, true);
            }
            assertThatThrownBy(() -> data(Preset.DPO, file, tokenizer))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("unpaired judgements");
        }
    }

    @Test
    void dataWithoutTheColumnIsRefused() throws IOException {
        Path file = pairs("margin");
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            assertThatThrownBy(() -> data(Preset.ODPO, file, tokenizer))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> {
                                assertThat(problem.kind()).isEqualTo(Problem.Kind.BAD_REQUEST);
                                assertThat(problem.what())
                                        .contains("pair 1 of the data has no number \"offset\"");
                            });
        }
    }

    /// Three steps each on the built-in model with a fresh adapter, whose matrices B are 0.
    @Test
    void everyPresetTrains() throws IOException {
        Path file = pairs("offset", "weight");
        try (Tokenizer tokenizer = Tokenizer.load(TINY);
                LanguageModel base =
                        LanguageModel.open(
                                Fixtures.TORCH, TINY, Precision.FLOAT32, Training.FROZEN)) {
            for (Preset preset : Preset.values()) {
                try (TrainingData data = data(preset, file, tokenizer);
                        Lora lora = Lora.create(base, LoraSettings.everywhere(2, 4), 1)) {
                    assertTrains(preset, base.with(lora), data.training());
                }
            }
        }
    }

    private static void assertTrains(Preset preset, LanguageModel policy, List<Example> rows) {
        Objective objective = preset.objective();
        try (LanguageModel copy = policy.copy();
                AdamW optimizer = new AdamW(policy, AdamW.Settings.standard())) {
            ReferenceLogps reference =
                    objective.loop() instanceof Loop.ReferenceSync
                            ? new ReferenceLogps.Copy(copy)
                            : new ReferenceLogps.AdapterDisabled(policy);
            var step =
                    new OptimizerStep(
                            new Replicas(
                                    new ObjectiveInputs(policy, reference, new ObjectiveMemory(0))),
                            optimizer,
                            objective,
                            2,
                            0,
                            null,
                            0);
            for (int i = 1; i <= 3; i++) {
                Map<String, Double> metrics = step.take(rows, 1e-4);
                assertThat(metrics.get("loss")).as(preset.id()).isFinite();
                assertThat(metrics.get("grad_norm")).as(preset.id()).isFinite().isPositive();
            }
        }
    }

    private TrainingData data(Preset preset, Path file, Tokenizer tokenizer) {
        return TrainingData.load(
                SmallRuns.spec(
                        folder,
                        "data.format=auto",
                        "data.path=" + file,
                        "objective.preset=" + preset.id()),
                tokenizer);
    }

    /// Four pairs with numbers under the given names.
    private Path pairs(String... columns) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            StringBuilder line = new StringBuilder("{");
            for (String column : columns) {
                line.append("\"%s\": %s, ".formatted(column, i * 0.5));
            }
            line.append(
                    "\"prompt\": \"Count to %d.\", \"chosen\": \"One. Two! Up to %d.\", \"rejected\": \"No %d\"}"
                            .formatted(i, i, i));
            lines.add(line.toString());
        }
        return Files.write(folder.resolve("pairs.jsonl"), lines);
    }

    private static LanguageModel small(long seed) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                Fixtures.tiny(false),
                new Initialization(seed, Initialization.Residual.PLAIN),
                Precision.FLOAT64,
                Training.FULL);
    }

    private static List<Example> batch(int pairs) {
        Random random = new Random(5);
        List<Example> batch = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            batch.add(
                    new Example(
                            i,
                            Row.of(
                                    Fixtures.tokens(random, 3, 37),
                                    Fixtures.tokens(random, 2 + i, 37),
                                    Fixtures.tokens(random, 5 - i, 37))));
        }
        return batch;
    }
}
