package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.model.PassOptions.Detail;
import dev.slimelab.engine.model.PassOptions.Gradient;
import dev.slimelab.engine.model.PassOptions.Scored;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Gradients against central differences of the log-probabilities themselves, in float64.
@Tag("gpu")
class GradientTest {
    private static final double STEP = 1e-5;
    private static final int SAMPLES_PER_PARAMETER = 4;

    private final Random random = new Random(5);
    private List<Long> dropoutSeeds = List.of();
    private int checkpointEvery;
    private final List<Row> rows =
            List.of(
                    row(4, 5, 3),
                    row(1, 2, 6),
                    row(90, 70, 60),
                    Row.of(Fixtures.tokens(random, 3, 37), new int[0], new int[] {7}));

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void gradientsOfAllWeightsAreTheSlopesOfTheLogps(ModelConfig config) {
        try (LanguageModel model = random(config, Training.FULL)) {
            // Norms and biases start where they change nothing; move everything to see them.
            model.parameters().forEach(this::shift);
            assertSlopes(model);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void gradientsOfAnAdapterAreTheSlopesOfTheLogps(ModelConfig config) {
        var settings =
                new LoraSettings(
                        3,
                        5,
                        true,
                        0,
                        Targets.named("q_proj", "v_proj", "layers.1.mlp.down_proj"),
                        List.of("lm_head"));
        try (LanguageModel base = random(config, Training.FROZEN);
                Lora lora = Lora.create(base, settings, 1)) {
            // B starts at zero, where A has no gradient; move everything to see all of it.
            lora.parameters().forEach(this::shift);
            assertSlopes(base.with(lora));
        }
    }

    @Test
    void gradientsUnderDropoutAreTheSlopesOfTheLogpsUnderTheSameDropout() {
        try (LanguageModel base = random(Fixtures.tiny(true), Training.FROZEN);
                Lora lora = Lora.create(base, LoraSettings.everywhere(3, 5).withDropout(0.4), 1)) {
            lora.parameters().forEach(this::shift);
            dropoutSeeds = List.of(11L, 12L, 13L, 14L);
            assertSlopes(base.with(lora));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void checkpointedLayersGiveTheSameGradients(ModelConfig config) {
        try (LanguageModel base = random(config, Training.FROZEN);
                Lora lora = Lora.create(base, LoraSettings.everywhere(3, 5).withDropout(0.4), 1);
                AdamW optimizer = new AdamW(base.with(lora), AdamW.Settings.standard())) {
            LanguageModel model = base.with(lora);
            lora.parameters().forEach(this::shift);
            dropoutSeeds = List.of(11L, 12L, 13L, 14L);
            gather(model, rows);
            double[] kept = gradient(model);
            for (int every : new int[] {1, 2}) {
                optimizer.zeroGradients();
                checkpointEvery = every;
                gather(model, rows);
                assertThat(gradient(model)).isEqualTo(kept);
            }
        }
    }

    @Test
    void gradientsOfTwoPassesAddUp() {
        try (LanguageModel base = random(Fixtures.tiny(true), Training.FROZEN);
                Lora lora = Lora.create(base, LoraSettings.everywhere(2, 4), 1);
                AdamW optimizer = new AdamW(base.with(lora), AdamW.Settings.standard())) {
            LanguageModel model = base.with(lora);
            gather(model, rows);
            double[] together = gradient(model);
            optimizer.zeroGradients();
            assertThat(optimizer.gradNorm()).isZero();
            gather(model, rows.subList(0, 1));
            gather(model, rows.subList(1, 4));
            double[] inTurn = gradient(model);
            for (int i = 0; i < together.length; i++) {
                assertThat(inTurn[i]).isCloseTo(together[i], Tolerances.EXACT);
            }
        }
    }

    private static LanguageModel random(ModelConfig config, Training training) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                config,
                new Initialization(3, Initialization.Residual.PLAIN),
                Precision.FLOAT64,
                training);
    }

    private void assertSlopes(LanguageModel model) {
        Slopes c = gather(model, rows);
        double largest = 0;
        double worst = 0;
        for (Parameter parameter : model.parameters()) {
            double[] gradient = parameter.gradient().toDoubleArray();
            for (int sample = 0; sample < SAMPLES_PER_PARAMETER; sample++) {
                int at = random.nextInt(gradient.length);
                double slope =
                        (moved(model, parameter, at, STEP, c)
                                        - moved(model, parameter, at, -STEP, c))
                                / (2 * STEP);
                largest = Math.max(largest, Math.abs(slope));
                worst = Math.max(worst, Math.abs(slope - gradient[at]));
            }
        }
        assertThat(largest).isGreaterThan(0.1);
        assertThat(worst / largest).isLessThan(Tolerances.NETWORK_FINITE_DIFFERENCE);
    }

    /// Runs both ways with random c.
    private Slopes gather(LanguageModel model, List<Row> rows) {
        var options =
                new PassOptions(
                        Adapter.ON,
                        Gradient.ON,
                        Detail.LOGPS,
                        Scored.PROMPTS_TOO,
                        dropoutSeeds,
                        checkpointEvery);
        try (Pass pass = model.forward(rows, options)) {
            Slopes c = new Slopes(pass.logps(), pass.promptLogps());
            for (double[] tokens : c.perToken()) {
                for (int i = 0; i < tokens.length; i++) {
                    tokens[i] = Math.sin(100 * tokens[i]);
                }
            }
            pass.backward(c.completions, c.prompts);
            return c;
        }
    }

    /// One number for each token of completions (row, completion, token) and prompts (row, token).
    @SuppressWarnings("ArrayRecordComponent")
    private record Slopes(double[][][] completions, double[][] prompts) {
        List<double[]> perToken() {
            return Stream.concat(
                            Arrays.stream(completions).flatMap(Arrays::stream),
                            Arrays.stream(prompts))
                    .toList();
        }
    }

    private static double[] gradient(LanguageModel model) {
        var all = new ArrayList<Double>();
        for (Parameter parameter : model.parameters()) {
            for (double value : parameter.gradient().toDoubleArray()) {
                all.add(value);
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// The sum of c times logp after one weight has been moved.
    private double moved(LanguageModel model, Parameter parameter, int at, double by, Slopes c) {
        double[] values = parameter.value().toDoubleArray();
        double before = values[at];
        values[at] = before + by;
        assign(parameter, values);
        double sum = 0;
        PassOptions options = PassOptions.evaluation().with(Scored.PROMPTS_TOO).with(dropoutSeeds);
        try (Pass pass = model.forward(rows, options)) {
            List<double[]> logps = new Slopes(pass.logps(), pass.promptLogps()).perToken();
            for (int i = 0; i < logps.size(); i++) {
                for (int t = 0; t < logps.get(i).length; t++) {
                    sum += c.perToken().get(i)[t] * logps.get(i)[t];
                }
            }
        }
        values[at] = before;
        assign(parameter, values);
        return sum;
    }

    private void shift(Parameter parameter) {
        double[] values = parameter.value().toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.3 * random.nextGaussian();
        }
        assign(parameter, values);
    }

    private static void assign(Parameter parameter, double[] values) {
        try (NDManager scope = Fixtures.TORCH.newScope()) {
            Fixtures.TORCH
                    .kernels()
                    .assign(
                            scope,
                            parameter.value(),
                            scope.create(values, parameter.value().getShape()));
        }
    }

    private Row row(int prompt, int... completions) {
        List<int[]> answers = new ArrayList<>();
        for (int length : completions) {
            answers.add(Fixtures.tokens(random, length, 37));
        }
        return new Row(Fixtures.tokens(random, prompt, 37), answers);
    }
}
