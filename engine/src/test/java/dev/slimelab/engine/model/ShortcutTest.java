package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The fast way and the way by the book: log-probabilities and gradients of random ragged batches.
class ShortcutTest {
    private static final int LARGE_VOCABULARY = 5_000;

    /// Of gradients, relative to the largest, in float64.
    private static final double RELATIVE = 1e-11;

    private record Computed(double[] logps, double[] gradient) {}

    /// Small models of all families, and one whose logits are too many for one piece.
    private static Stream<ModelConfig> models() {
        return Stream.concat(Fixtures.families(), Stream.of(largeVocabulary()));
    }

    private static ModelConfig largeVocabulary() {
        ModelConfig tiny = Fixtures.tiny(true);
        return new ModelConfig(
                tiny.family(),
                tiny.decoderPath(),
                LARGE_VOCABULARY,
                tiny.hiddenSize(),
                tiny.intermediateSize(),
                tiny.attention(),
                tiny.heads(),
                tiny.keyValueHeads(),
                tiny.headDim(),
                tiny.scoreScalar(),
                tiny.normEpsilon(),
                tiny.tiedEmbeddings(),
                tiny.initializerRange(),
                tiny.maxPositions(),
                tiny.specialTokens());
    }

    @ParameterizedTest
    @MethodSource("models")
    void noShortcutChangesTheResult(ModelConfig config) {
        try (LanguageModel model =
                        LanguageModel.initialize(
                                Fixtures.TORCH,
                                config,
                                new Initialization(3, Initialization.Residual.PLAIN),
                                Precision.FLOAT64,
                                Training.FULL);
                AdamW optimizer = new AdamW(model, AdamW.Settings.standard())) {
            for (int seed = 0; seed < 3; seed++) {
                List<Row> rows = rows(new Random(seed), config.vocabSize());
                Computed fast = compute(model, optimizer, rows);
                for (Shortcut left : Shortcut.values()) {
                    Computed slow = compute(model.without(EnumSet.of(left)), optimizer, rows);
                    assertSame(left, slow, fast);
                }
                Computed byTheBook =
                        compute(model.without(EnumSet.allOf(Shortcut.class)), optimizer, rows);
                assertSame("all of them", byTheBook, fast);
                Computed fused = compute(model.attending(AttentionKernel.FUSED), optimizer, rows);
                assertSame("fused attention", fused, fast);
            }
        }
    }

    @Test
    void whatIsLeftOutIsLeftOut() {
        var rows = List.of(Row.of(new int[300], new int[10], new int[10]));
        var config = Fixtures.tiny(true);
        Batch shared =
                new Batch(
                        rows,
                        config,
                        PassOptions.Scored.PROMPTS_TOO,
                        EnumSet.of(Shortcut.SHARED_PROMPTS));
        Batch apart =
                new Batch(
                        rows,
                        config,
                        PassOptions.Scored.PROMPTS_TOO,
                        EnumSet.noneOf(Shortcut.class));
        assertThat(shared.ids).hasSize(320);
        assertThat(apart.ids).hasSize(620);
        assertThat(apart.labels).isEqualTo(shared.labels);
        assertThat(AttentionBlocks.of(apart, 512).masked()).hasSizeGreaterThan(2);
        assertThat(AttentionBlocks.whole(apart).ranges()).containsExactly(0, 620, 0, 620, 0, 0);
    }

    private static void assertSame(Object left, Computed slow, Computed fast) {
        assertThat(slow.logps).as("%s", left).containsExactly(fast.logps, Tolerances.EXACT);
        double largest = Arrays.stream(fast.gradient).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < fast.gradient.length; i++) {
            assertThat(Math.abs(slow.gradient[i] - fast.gradient[i]))
                    .as("%s, gradient %d", left, i)
                    .isLessThan(RELATIVE * largest);
        }
    }

    private static Computed compute(LanguageModel model, AdamW optimizer, List<Row> rows) {
        optimizer.zeroGradients();
        var options = PassOptions.training().with(PassOptions.Scored.PROMPTS_TOO);
        try (Pass pass = model.forward(rows, options)) {
            Random random = new Random(5);
            double[][][] c = pass.logps();
            double[] logps =
                    Stream.concat(
                                    Arrays.stream(c).flatMap(Arrays::stream),
                                    Arrays.stream(pass.promptLogps()))
                            .flatMapToDouble(Arrays::stream)
                            .toArray();
            for (double[][] row : c) {
                for (double[] completion : row) {
                    Arrays.setAll(completion, _ -> random.nextGaussian());
                }
            }
            pass.backward(c);
            double[] gradient =
                    model.parameters().stream()
                            .flatMapToDouble(
                                    parameter ->
                                            Arrays.stream(parameter.gradient().toDoubleArray()))
                            .toArray();
            return new Computed(logps, gradient);
        }
    }

    /// Long rows, which are cut into blocks, among short ones, which share a block.
    private static List<Row> rows(Random random, int vocabulary) {
        return IntStream.range(0, 4)
                .mapToObj(
                        _ -> {
                            int most = random.nextBoolean() ? 200 : 20;
                            int[] prompt =
                                    Fixtures.tokens(random, 1 + random.nextInt(most), vocabulary);
                            List<int[]> completions =
                                    IntStream.range(0, 1 + random.nextInt(3))
                                            .mapToObj(_ -> random.nextInt(most))
                                            .map(
                                                    count ->
                                                            Fixtures.tokens(
                                                                    random, count, vocabulary))
                                            .toList();
                            return new Row(prompt, completions);
                        })
                .toList();
    }
}
