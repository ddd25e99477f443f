package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Random;

/// θ̂ + 0.3 (θ̂ − θ̂_prev), number by number.
class ExtrapolationTest {
    private static final double ALPHA = 0.3;

    private final Extrapolation extrapolation = new Extrapolation(Fixtures.TORCH, ALPHA);
    @TempDir Path folder;

    @Test
    void everyWeightOfAModelGoesOn() {
        try (LanguageModel latest = model(3, Training.FULL, Precision.FLOAT32);
                LanguageModel previous = model(4, Training.FULL, Precision.FLOAT32)) {
            latest.save(folder.resolve("latest"));
            previous.save(folder.resolve("previous"));

            extrapolation.write(
                    folder.resolve("latest"), folder.resolve("previous"), folder.resolve("next"));

            try (LanguageModel next =
                    LanguageModel.open(
                            Fixtures.TORCH,
                            folder.resolve("next"),
                            Precision.FLOAT32,
                            Training.FULL)) {
                for (int i = 0; i < next.parameters().size(); i++) {
                    float[] one = latest.parameters().get(i).value().toFloatArray();
                    float[] other = previous.parameters().get(i).value().toFloatArray();
                    float[] got = next.parameters().get(i).value().toFloatArray();
                    for (int j = 0; j < got.length; j++) {
                        double wanted = one[j] + ALPHA * ((double) one[j] - other[j]);
                        assertThat((double) got[j]).isCloseTo(wanted, Tolerances.FLOAT32);
                    }
                }
            }
        }
    }

    /// The update that the adapter adds to each weight, scale · B A, in float64.
    @Test
    void anAdaptersUpdateGoesOnNotItsMatrices() {
        try (LanguageModel base = model(3, Training.FROZEN, Precision.FLOAT64);
                Lora latest = adapter(base, 1);
                Lora previous = adapter(base, 2)) {
            latest.save(folder.resolve("latest"));
            previous.save(folder.resolve("previous"));

            extrapolation.write(
                    folder.resolve("latest"), folder.resolve("previous"), folder.resolve("next"));

            try (Lora next = Lora.load(base, folder.resolve("next"))) {
                assertThat(next.settings().r()).isEqualTo(4);
                for (int i = 0; i < next.parameters().size(); i += 2) {
                    double[] one = update(latest, i);
                    double[] other = update(previous, i);
                    double[] got = update(next, i);
                    for (int j = 0; j < got.length; j++) {
                        assertThat(got[j])
                                .isCloseTo(one[j] + ALPHA * (one[j] - other[j]), Tolerances.EXACT);
                    }
                }
            }
        }
    }

    @Test
    void foldersOfDifferentShapeAreRefusedAndLeaveNothing() {
        try (LanguageModel base = model(3, Training.FROZEN, Precision.FLOAT64);
                Lora two = adapter(base, 1);
                Lora three = Lora.create(base, LoraSettings.everywhere(3, 4), 1)) {
            two.save(folder.resolve("two"));
            three.save(folder.resolve("three"));

            assertThatThrownBy(
                            () ->
                                    extrapolation.write(
                                            folder.resolve("two"),
                                            folder.resolve("three"),
                                            folder.resolve("next")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("different shapes");
            assertThat(folder.resolve("next")).doesNotExist();
        }
    }

    /// (out, in), row by row, of the projection whose matrix A has the given index.
    private static double[] update(Lora lora, int a) {
        Parameter matrixA = lora.parameters().get(a);
        double[] valuesA = matrixA.value().toDoubleArray();
        double[] valuesB = lora.parameters().get(a + 1).value().toDoubleArray();
        int r = lora.settings().r();
        int in = valuesA.length / r;
        double[] update = new double[valuesB.length / r * in];
        for (int o = 0; o < valuesB.length / r; o++) {
            for (int k = 0; k < r; k++) {
                for (int i = 0; i < in; i++) {
                    update[o * in + i] +=
                            lora.settings().scale() * valuesB[o * r + k] * valuesA[k * in + i];
                }
            }
        }
        return update;
    }

    private static Lora adapter(LanguageModel base, long seed) {
        Lora lora = Lora.create(base, LoraSettings.everywhere(2, 4), seed);
        Random random = new Random(seed);
        for (Parameter parameter : lora.parameters()) {
            double[] values = random.doubles(parameter.value().size(), -1, 1).toArray();
            try (NDManager scope = Fixtures.TORCH.newScope()) {
                Fixtures.TORCH
                        .kernels()
                        .assign(
                                scope,
                                parameter.value(),
                                scope.create(values, parameter.value().getShape()));
            }
        }
        return lora;
    }

    private static LanguageModel model(long seed, Training training, Precision precision) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                Fixtures.tiny(false),
                new Initialization(seed, Initialization.Residual.PLAIN),
                precision,
                training);
    }
}
