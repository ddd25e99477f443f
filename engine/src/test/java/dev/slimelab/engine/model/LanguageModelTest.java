package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class LanguageModelTest {
    private static final List<Row> ROWS =
            List.of(
                    Row.of(new int[] {1, 4, 7}, new int[] {8, 9, 2}, new int[] {8, 30}),
                    Row.of(new int[] {1, 5}, new int[] {11, 2}, new int[] {13, 14, 15, 2}));

    @TempDir Path folder;

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void aSavedModelComesBackBitForBit(ModelConfig config) {
        double[][][] before;
        try (LanguageModel model = random(config, Precision.FLOAT32, Training.FULL)) {
            before = logps(model);
            model.save(folder);
            assertThat(folder.resolve("model.safetensors.part")).doesNotExist();
        }
        try (LanguageModel model = open(Precision.FLOAT32)) {
            assertThat(model.config()).isEqualTo(config);
            assertThat(logps(model)).isDeepEqualTo(before);
        }
    }

    /// What TR-DPO's reference becomes between the steps is more than bf16 can hold.
    @Test
    void aCopyThatHasMovedComesBackBitForBit() {
        try (LanguageModel model = random(true, Precision.BFLOAT16, Training.FULL);
                LanguageModel reference = model.copy();
                LanguageModel other = model.copy()) {
            model.parameters().forEach(weight -> weight.value().addi(0.01));
            reference.moveTowards(model, 0.3);
            reference.save(folder);
            assertThat(logps(other)).isNotEqualTo(logps(reference));
            other.restore(folder);
            for (String name : reference.weights().values().keySet()) {
                assertThat(value(other, name)).as(name).isEqualTo(value(reference, name));
            }
        }
    }

    private static float[] value(LanguageModel model, String name) {
        return requireNonNull(model.weights().values().get(name)).toFloatArray();
    }

    /// Seen by changing each and looking at the other.
    @Test
    void anotherDeviceHasItsOwnOfWhatIsTrainedAndSharesTheRestInOneMemory() {
        try (LanguageModel base = random(true, Precision.FLOAT32, Training.FROZEN);
                Lora lora = Lora.create(base, LoraSettings.everywhere(4, 8), 1);
                LanguageModel other = base.with(lora).on(Fixtures.TORCH)) {
            double[][][] before = logps(other);
            assertThat(before).isDeepEqualTo(logps(base.with(lora)));

            lora.parameters().forEach(matrix -> matrix.value().addi(0.1));
            assertThat(logps(other)).isDeepEqualTo(before);
            base.with(lora).scatter(other);
            assertThat(logps(other)).isDeepEqualTo(logps(base.with(lora)));

            base.weights().finalNorm().muli(2);
            assertThat(logps(other)).isDeepEqualTo(logps(base.with(lora)));
            assertThat(logps(other)).isNotEqualTo(before);
        }
    }

    @Test
    void randomWeightsDependOnTheSeedOnly() {
        double[][][] logps;
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FROZEN)) {
            logps = logps(model);
        }
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FULL)) {
            assertThat(logps(model)).isDeepEqualTo(logps);
        }
    }

    @Test
    void bfloat16IsCloseToFloat32AndTrains() {
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FULL)) {
            model.save(folder);
            double[][][] exact = logps(model);
            try (LanguageModel coarse = open(Precision.BFLOAT16)) {
                double[][][] logps = logps(coarse);
                assertThat(logps[1][1]).containsExactly(exact[1][1], Tolerances.BFLOAT16);
                try (Lora lora = Lora.create(coarse, LoraSettings.everywhere(4, 8), 1)) {
                    assertThat(trained(coarse.with(lora), 30)).isGreaterThan(sum(logps) + 5);
                }
            }
        }
    }

    @Test
    void trainingTwiceGivesTheSameBits() {
        assertThat(afterTraining()).isDeepEqualTo(afterTraining());
    }

    private static double[][][] afterTraining() {
        try (LanguageModel model = random(false, Precision.FLOAT32, Training.FULL)) {
            trained(model, 10);
            return logps(model);
        }
    }

    @Test
    void memoryStaysFlatOverManySteps() {
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FULL)) {
            trained(model, 50);
            long before = residentKilobytes();
            trained(model, 200);
            assertThat(residentKilobytes() - before).isLessThan(20_000);
        }
    }

    /// Resident memory, or zero where the system does not tell.
    private static long residentKilobytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }

    @Test
    void aFolderWithoutWeightsIsRefused() throws IOException {
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FROZEN)) {
            model.save(folder);
        }
        Files.delete(folder.resolve("model.safetensors"));
        assertRefused("has neither model.safetensors nor model.safetensors.index.json");
    }

    @Test
    void aTensorOfTheWrongShapeIsRefusedByName() throws IOException {
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FROZEN)) {
            model.save(folder);
        }
        replaceInConfig("\"intermediate_size\" : 24", "\"intermediate_size\" : 25");
        assertRefused("model.layers.0.mlp.gate_proj.weight");
        assertRefused("has shape [24, 16], but config.json asks for [25, 16]");
    }

    @Test
    void aMissingTensorIsRefusedByName() throws IOException {
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FROZEN)) {
            model.save(folder);
        }
        replaceInConfig("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3");
        assertRefused("lacks 9 tensors, the first is model.layers.2.input_layernorm.weight");
    }

    @Test
    void aTensorTheModelDoesNotHaveIsRefusedByName() throws IOException {
        try (LanguageModel model = random(true, Precision.FLOAT32, Training.FROZEN)) {
            model.save(folder);
        }
        replaceInConfig("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 1");
        assertRefused("holds tensor model.layers.1.input_layernorm.weight");
    }

    private void replaceInConfig(String what, String by) throws IOException {
        Path file = folder.resolve("config.json");
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, by));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> open(Precision.FLOAT32).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    private LanguageModel open(Precision precision) {
        return LanguageModel.open(Fixtures.TORCH, folder, precision, Training.FROZEN);
    }

    private static LanguageModel random(boolean tied, Precision precision, Training training) {
        return random(Fixtures.tiny(tied), precision, training);
    }

    private static LanguageModel random(
            ModelConfig config, Precision precision, Training training) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                config,
                new Initialization(3, Initialization.Residual.SCALED),
                precision,
                training);
    }

    private static double[][][] logps(LanguageModel model) {
        try (Pass pass = model.forward(ROWS, PassOptions.evaluation())) {
            return pass.logps();
        }
    }

    /// Raises the likelihood of everything; the sum of log-probabilities afterwards.
    private static double trained(LanguageModel model, int steps) {
        try (AdamW optimizer = new AdamW(model, AdamW.Settings.standard())) {
            for (int step = 0; step < steps; step++) {
                optimizer.zeroGradients();
                try (Pass pass = model.forward(ROWS, PassOptions.training())) {
                    double[][][] c = pass.logps();
                    for (double[][] row : c) {
                        for (double[] completion : row) {
                            java.util.Arrays.fill(completion, -1);
                        }
                    }
                    pass.backward(c);
                }
                optimizer.clip(1);
                optimizer.step(0.01);
            }
        }
        return sum(logps(model));
    }

    private static double sum(double[][][] values) {
        return java.util.Arrays.stream(values)
                .flatMap(java.util.Arrays::stream)
                .flatMapToDouble(java.util.Arrays::stream)
                .sum();
    }
}
