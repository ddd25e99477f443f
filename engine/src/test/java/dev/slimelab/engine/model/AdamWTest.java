package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class AdamWTest {
    private static final List<Row> ROWS =
            List.of(Row.of(new int[] {1, 4, 7}, new int[] {8, 9, 2}, new int[] {8, 30}));
    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.8, 0.9, 1e-6, 0.1);

    @TempDir Path folder;

    /// The textbook formulas in double: decay, moments, bias correction.
    @Test
    void twoStepsAreThoseOfTheFormulas() {
        try (LanguageModel model = random(Precision.FLOAT64);
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            Parameter parameter = model.parameters().get(2);
            double[] w = parameter.value().toDoubleArray();
            double[] m = new double[w.length];
            double[] v = new double[w.length];
            for (int step = 1; step <= 2; step++) {
                optimizer.zeroGradients();
                gather(model);
                double[] g = parameter.gradient().toDoubleArray();
                for (int i = 0; i < w.length; i++) {
                    w[i] -= 0.05 * 0.1 * w[i];
                    m[i] = 0.8 * m[i] + 0.2 * g[i];
                    v[i] = 0.9 * v[i] + 0.1 * g[i] * g[i];
                    double first = m[i] / (1 - Math.pow(0.8, step));
                    double second = v[i] / (1 - Math.pow(0.9, step));
                    w[i] -= 0.05 * first / (Math.sqrt(second) + 1e-6);
                }
                optimizer.step(0.05);
            }
            assertThat(parameter.value().toDoubleArray()).containsExactly(w, Tolerances.EXACT);
            assertThat(optimizer.steps()).isEqualTo(2);
        }
    }

    @Test
    void clippingScalesToTheGivenNormAndReturnsTheOneBefore() {
        try (LanguageModel model = random(Precision.FLOAT64);
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            gather(model);
            double before = optimizer.gradNorm();
            assertThat(optimizer.clip(before / 2)).isEqualTo(before);
            assertThat(optimizer.gradNorm()).isCloseTo(before / 2, Tolerances.FLOAT32);
            assertThat(optimizer.clip(before)).isCloseTo(before / 2, Tolerances.FLOAT32);
            assertThat(optimizer.gradNorm()).isCloseTo(before / 2, Tolerances.FLOAT32);
        }
    }

    @Test
    void savedStateContinuesAsIfNothingHadHappened() {
        float[] uninterrupted;
        try (LanguageModel model = random(Precision.FLOAT32);
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            train(model, optimizer, 2);
            optimizer.save(folder.resolve("optimizer.safetensors"));
            model.save(folder);
            train(model, optimizer, 2);
            uninterrupted = model.parameters().getLast().value().toFloatArray();
        }
        try (LanguageModel model =
                        LanguageModel.open(
                                Fixtures.TORCH, folder, Precision.FLOAT32, Training.FULL);
                AdamW optimizer = new AdamW(model, SETTINGS)) {
            optimizer.load(folder.resolve("optimizer.safetensors"));
            train(model, optimizer, 2);
            assertThat(optimizer.steps()).isEqualTo(4);
            assertThat(model.parameters().getLast().value().toFloatArray())
                    .containsExactly(uninterrupted);
        }
    }

    private static LanguageModel random(Precision precision) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                Fixtures.tiny(true),
                new Initialization(3, Initialization.Residual.PLAIN),
                precision,
                Training.FULL);
    }

    private static void train(LanguageModel model, AdamW optimizer, int steps) {
        for (int step = 0; step < steps; step++) {
            optimizer.zeroGradients();
            gather(model);
            optimizer.step(0.01);
        }
    }

    private static void gather(LanguageModel model) {
        try (Pass pass = model.forward(ROWS, PassOptions.training())) {
            pass.backward(new double[][][] {{{-1, -0.5, -1}, {1, 2}}});
        }
    }
}
