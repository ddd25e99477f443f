package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Fused attention against attention in blocks, in the precisions that train; [ShortcutTest] has
/// float64 and all families.
class FusedAttentionTest {
    private static final List<Row> ROWS = rows();

    /// Prompts and completions of all lengths up to some hundred, and a row without completion
    /// tokens.
    private static List<Row> rows() {
        Random random = new Random(7);
        return Stream.concat(
                        Stream.of(200, 1, 33, 128)
                                .map(
                                        prompt ->
                                                Row.of(
                                                        Fixtures.tokens(random, prompt, 37),
                                                        Fixtures.tokens(random, 1 + prompt / 2, 37),
                                                        Fixtures.tokens(random, 40, 37))),
                        Stream.of(new Row(Fixtures.tokens(random, 9, 37), List.of(new int[0]))))
                .toList();
    }

    /// Relative L2 distance of the same sums in another order, through the network.
    private static final double FLOAT32 = 1e-5;

    /// What two ways of rounding may differ by.
    private static final double AS_NEAR = 1.5;

    private record Computed(double[] logps, double[] gradient) {}

    @Test
    void inFloat32ItComputesWhatBlocksDo() {
        assumeThat(Fixtures.TORCH.choice().gpus()).as("fused attention in float32").isEmpty();
        Computed blocks = compute(Precision.FLOAT32, AttentionKernel.BLOCKS);
        Computed fused = compute(Precision.FLOAT32, AttentionKernel.FUSED);
        assertThat(distance(fused.logps, blocks.logps)).isPositive().isLessThan(FLOAT32);
        assertThat(distance(fused.gradient, blocks.gradient)).isPositive().isLessThan(FLOAT32);
    }

    /// Its weights are not rounded between product and softmax, so it is nearer, if anything.
    @Tag("gpu")
    @Test
    void inBfloat16ItIsAsNearToFloat32AsBlocksAre() {
        Computed exact = compute(Precision.FLOAT32, AttentionKernel.BLOCKS);
        Computed blocks = compute(Precision.BFLOAT16, AttentionKernel.BLOCKS);
        Computed fused = compute(Precision.BFLOAT16, AttentionKernel.FUSED);
        assertThat(distance(fused.logps, exact.logps)).isLessThan(Tolerances.BFLOAT16_LOGPS);
        assertThat(distance(fused.gradient, exact.gradient))
                .isLessThan(AS_NEAR * distance(blocks.gradient, exact.gradient));
    }

    @Test
    void onAGpuItIsForBfloat16Only() {
        assumeThat(Fixtures.TORCH.choice().gpus()).as("a GPU").isNotEmpty();
        assertThatThrownBy(() -> compute(Precision.FLOAT32, AttentionKernel.FUSED))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("bf16");
    }

    private static final String HEADS_OF_EIGHT =
            """
            {"model_type": "llama", "hidden_size": 32, "intermediate_size": 48,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "vocab_size": 37, "max_position_embeddings": 512, "rms_norm_eps": 1e-5,
             "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu",
             "initializer_range": 0.3, "bos_token_id": 1, "eos_token_id": 2}
            """;

    /// A GPU's kernels take heads of a multiple of 8.
    private static LanguageModel model(Precision precision) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                ConfigJson.parse("config", JsonMapper.shared().readTree(HEADS_OF_EIGHT)),
                new Initialization(3, Initialization.Residual.PLAIN),
                precision,
                Training.FULL);
    }

    private static Computed compute(Precision precision, AttentionKernel attention) {
        try (LanguageModel model = model(precision);
                Pass pass = model.attending(attention).forward(ROWS, PassOptions.training())) {
            double[][][] logps = pass.logps();
            double[] flat = flat(logps);
            Random random = new Random(5);
            for (double[][] row : logps) {
                for (double[] completion : row) {
                    Arrays.setAll(completion, _ -> random.nextGaussian());
                }
            }
            pass.backward(logps);
            double[] gradient =
                    model.parameters().stream()
                            .flatMapToDouble(parameter -> Arrays.stream(numbers(parameter)))
                            .toArray();
            return new Computed(flat, gradient);
        }
    }

    private static double[] numbers(Parameter parameter) {
        try (NDManager scope = Fixtures.TORCH.newScope()) {
            Kernels kernels = Fixtures.TORCH.kernels();
            return kernels.doubles(kernels.cast(scope, parameter.gradient(), Precision.FLOAT64));
        }
    }

    private static double[] flat(double[][][] logps) {
        return Arrays.stream(logps)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /// Relative L2 distance.
    private static double distance(double[] actual, double[] expected) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / length);
    }

    @Test
    void textsLookAtThemselvesAndCompletionsAtTheirPrompt() {
        var batch =
                new Batch(
                        List.of(
                                Row.of(new int[5], new int[3], new int[4]),
                                new Row(new int[2], List.of(new int[0])),
                                Row.of(new int[1], new int[2])),
                        Fixtures.tiny(true),
                        PassOptions.Scored.COMPLETIONS,
                        EnumSet.allOf(Shortcut.class));

        AttentionTexts texts = AttentionTexts.of(batch);

        assertThat(texts.own()).containsExactly(0, 5, 8, 12, 14, 15, 17);
        assertThat(texts.completions()).containsExactly(0, 7, 9);
        assertThat(texts.prompts()).containsExactly(0, 5, 6);
        assertThat(texts.completionPlaces()).containsExactly(5, 6, 7, 8, 9, 10, 11, 15, 16);
        assertThat(texts.promptPlaces()).containsExactly(0, 1, 2, 3, 4, 14);
        assertThat(texts.numbers()).startsWith(6, 2, 0, 5).hasSize(2 + 7 + 3 + 3);
    }
}
