package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;

/// What a row means: completions share the prompt, and nothing else.
class RowTest {
    private static final LanguageModel MODEL = model(Fixtures.tiny(true, 64));

    private final Random random = new Random(7);
    private final int[] prompt = Fixtures.tokens(random, 6, 37);
    private final int[] chosen = Fixtures.tokens(random, 5, 37);
    private final int[] rejected = Fixtures.tokens(random, 9, 37);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /// Also where layers look back a window that is shorter than the answers, so that the rejected
    /// answer's window must skip the chosen one and reach into the prompt.
    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void aRowOfTwoCompletionsEqualsTwoRowsOfOne(ModelConfig config) {
        try (LanguageModel model = model(config)) {
            double[][][] together = logps(model, Row.of(prompt, chosen, rejected));
            assertSame(together[0][0], logps(model, Row.of(prompt, chosen))[0][0]);
            assertSame(together[0][1], logps(model, Row.of(prompt, rejected))[0][0]);
        }
    }

    @Test
    void aPositionSeesAWindowOfTheNearestPositionsItselfIncluded() {
        var window = new Attention(new Rope.Plain(10_000), 3);
        ModelConfig oneLayer = Fixtures.tiny(new ModelFamily.Llama(), List.of(window), 6, true);
        try (LanguageModel model = model(oneLayer)) {
            int[] far = prompt.clone();
            far[2] = (far[2] + 1) % 37;
            int[] near = prompt.clone();
            near[3] = (near[3] + 1) % 37;
            double first = logps(model, Row.of(prompt, chosen))[0][0][0];
            assertThat(logps(model, Row.of(far, chosen))[0][0][0]).isEqualTo(first);
            assertThat(logps(model, Row.of(near, chosen))[0][0][0]).isNotEqualTo(first);
        }
    }

    @Test
    void logpsAreThoseOfTheLogits() {
        int[] all = {prompt[0], prompt[1], chosen[0], chosen[1]};
        boolean[][] real = {{true, true, true, true}};
        double[][] logits =
                PaddedLogits.of(MODEL, PassOptions.Adapter.ON, new int[][] {all}, real)[0];
        double[] logps =
                logps(Row.of(new int[] {prompt[0], prompt[1]}, new int[] {chosen[0], chosen[1]}))[
                        0][0];
        for (int i = 0; i < 2; i++) {
            double sum = 0;
            for (double logit : logits[1 + i]) {
                sum += Math.exp(logit);
            }
            assertThat(logps[i])
                    .isCloseTo(logits[1 + i][chosen[i]] - Math.log(sum), Tolerances.SHARED_PROMPT);
        }
    }

    @Test
    void longerNeighboursChangeNothing() {
        var row = Row.of(prompt, chosen, rejected);
        var longer = Row.of(Fixtures.tokens(random, 20, 37), Fixtures.tokens(random, 20, 37));
        double[][][] alone = logps(row);
        double[][][] padded = logps(row, longer);
        assertSame(padded[0][0], alone[0][0]);
        assertSame(padded[0][1], alone[0][1]);
    }

    @Test
    void anEmptyCompletionHasNoLogpsAndHarmsNobody() {
        double[][][] logps = logps(Row.of(prompt, new int[0], chosen));
        assertThat(logps[0][0]).isEmpty();
        assertSame(logps[0][1], logps(Row.of(prompt, chosen))[0][0]);
    }

    @Test
    void theSameRowsGiveTheSameBits() {
        var row = Row.of(prompt, chosen, rejected);
        assertThat(logps(row)).isDeepEqualTo(logps(row));
    }

    @Test
    void statisticsAreThoseOfTheDistribution() {
        var row = Row.of(prompt, chosen);
        int[] all = new int[11];
        System.arraycopy(prompt, 0, all, 0, 6);
        System.arraycopy(chosen, 0, all, 6, 5);
        boolean[] real = new boolean[11];
        java.util.Arrays.fill(real, true);
        double[][] logits =
                PaddedLogits.of(
                        MODEL, PassOptions.Adapter.ON, new int[][] {all}, new boolean[][] {real})[
                        0];
        var options = PassOptions.evaluation().with(PassOptions.Detail.STATISTICS);
        try (Pass pass = MODEL.forward(List.of(row), options)) {
            TokenStatistics statistics = pass.statistics();
            for (int i = 0; i < chosen.length; i++) {
                double[] predicting = logits[5 + i];
                double[] p = softmax(predicting);
                double entropy = 0;
                double squares = 0;
                int best = 0;
                for (int v = 0; v < p.length; v++) {
                    entropy -= p[v] * Math.log(p[v]);
                    squares += p[v] * p[v];
                    best = p[v] > p[best] ? v : best;
                }
                double[] sorted = p.clone();
                java.util.Arrays.sort(sorted);
                double top = 0;
                double topEntropy = 0;
                for (int k = 1; k <= 10; k++) {
                    double likely = sorted[sorted.length - k];
                    top += likely;
                    topEntropy -= likely * Math.log(likely);
                }
                near(statistics.entropy()[0][0][i], entropy);
                near(statistics.topTenMass()[0][0][i], top);
                near(statistics.topTenEntropy()[0][0][i], topEntropy);
                near(statistics.likeliest()[0][0][i], best == chosen[i] ? 1 : 0);
                near(statistics.logSquares()[0][0][i], Math.log(squares));
                near(statistics.meanLogit()[0][0][i], mean(predicting));
                near(statistics.meanLogitAtToken()[0][0][i], mean(logits[6 + i]));
            }
        }
    }

    @Test
    void tokensBeyondTheVocabularyAreRefused() {
        assertThatThrownBy(() -> logps(Row.of(new int[] {1}, new int[] {37})))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Token id 37 is not in the model's vocabulary of 37");
    }

    @Test
    void rowsBeyondTheModelsPositionsAreRefused() {
        assertThatThrownBy(() -> logps(Row.of(new int[60], new int[5], new int[1])))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("reaches position 65, but the model has 64");
    }

    @Test
    void anEmptyPromptIsRefused() {
        assertThatThrownBy(() -> Row.of(new int[0], chosen))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("empty prompt");
    }

    private static LanguageModel model(ModelConfig config) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                config,
                new Initialization(3, Initialization.Residual.PLAIN),
                Precision.FLOAT32,
                Training.FROZEN);
    }

    private static double[][][] logps(Row... rows) {
        return logps(MODEL, rows);
    }

    private static double[][][] logps(LanguageModel model, Row... rows) {
        try (Pass pass = model.forward(List.of(rows), PassOptions.evaluation())) {
            return pass.logps();
        }
    }

    private static void assertSame(double[] actual, double[] expected) {
        assertThat(actual).containsExactly(expected, Tolerances.SHARED_PROMPT);
    }

    private static void near(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, Tolerances.SHARED_PROMPT);
    }

    private static double[] softmax(double[] logits) {
        double total = java.util.Arrays.stream(logits).map(Math::exp).sum();
        return java.util.Arrays.stream(logits).map(x -> Math.exp(x) / total).toArray();
    }

    private static double mean(double[] values) {
        return java.util.Arrays.stream(values).average().orElseThrow();
    }
}
