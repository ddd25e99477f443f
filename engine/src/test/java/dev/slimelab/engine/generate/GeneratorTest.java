package dev.slimelab.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.generate.Sampling.Choice;
import dev.slimelab.engine.generate.Sampling.Detail;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.model.Safetensors;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

class GeneratorTest {
    private static final LanguageModel MODEL =
            LanguageModel.initialize(
                    Fixtures.TORCH,
                    Fixtures.tiny(true),
                    new Initialization(3, Initialization.Residual.PLAIN),
                    Precision.FLOAT32,
                    LanguageModel.Training.FROZEN);

    private final Generator generator = new Generator(MODEL, Adapter.ON);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void greedyWithCacheIsGreedyWithout() {
        List<int[]> prompts = prompts(5);
        List<Continuation> written = generator.generate(prompts, Sampling.greedy(8, Set.of()));
        for (int i = 0; i < prompts.size(); i++) {
            assertThat(written.get(i).tokens()).containsExactly(slowly(prompts.get(i), 8));
            assertThat(written.get(i).stopped()).isFalse();
        }
    }

    @ParameterizedTest
    @FieldSource("dev.slimelab.engine.model.Fixtures#PARITY_MODELS")
    void greedyTokensAreThoseOfTransformers(String name) {
        Path folder = SharedFolder.path("parity/models/" + name);
        try (LanguageModel model =
                        LanguageModel.open(
                                Fixtures.TORCH,
                                folder,
                                Precision.FLOAT32,
                                LanguageModel.Training.FROZEN);
                Safetensors io = Safetensors.open(folder.resolve("io.safetensors"))) {
            ByteBuffer bytes = io.bytes("greedy.ids");
            int[] expected = new int[bytes.remaining() / Long.BYTES];
            Arrays.setAll(expected, _ -> Math.toIntExact(bytes.getLong()));
            int[] prompt = Arrays.copyOf(expected, 5);
            Continuation written =
                    new Generator(model, Adapter.OFF)
                            .generate(
                                    List.of(prompt), Sampling.greedy(expected.length - 5, Set.of()))
                            .getFirst();
            assertThat(written.tokens())
                    .containsExactly(Arrays.copyOfRange(expected, 5, expected.length));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9})
    void resultsDoNotDependOnTheBatchSplit(double temperature) {
        List<int[]> prompts = prompts(7);
        var sampling = sampling(10, Set.of(2), Choice.at(temperature, 4));
        List<Continuation> together = generator.generate(prompts, sampling, 7);
        List<Continuation> apart = generator.generate(prompts, sampling, 2);
        assertThat(apart).usingRecursiveComparison().isEqualTo(together);
    }

    @Test
    void aStopTokenEndsAContinuationAndIsNotPartOfIt() {
        int[] prompt = {5, 9, 11};
        int[] free = slowly(prompt, 6);
        Continuation written =
                generator.generate(List.of(prompt), Sampling.greedy(6, Set.of(free[3]))).getFirst();
        assertThat(written.stopped()).isTrue();
        int first = 0;
        while (free[first] != free[3]) {
            first++;
        }
        assertThat(written.tokens()).containsExactly(Arrays.copyOf(free, first));
    }

    @Test
    void sampledFrequenciesFollowTheSoftmax() {
        int[] prompt = {5, 9, 11};
        double[] logits = logits(prompt);
        double[] expected = Arrays.stream(logits).map(x -> Math.exp(x / 1.5)).toArray();
        double total = Arrays.stream(expected).sum();
        List<int[]> many = java.util.Collections.nCopies(4000, prompt);
        double[] seen = new double[expected.length];
        for (Continuation written :
                generator.generate(many, sampling(1, Set.of(), Choice.at(1.5, 8)))) {
            seen[written.tokens()[0]] += 1.0 / many.size();
        }
        for (int i = 0; i < seen.length; i++) {
            double p = expected[i] / total;
            // Five standard errors of a proportion.
            assertThat(seen[i])
                    .isCloseTo(
                            p,
                            org.assertj.core.api.Assertions.within(
                                    5 * Math.sqrt(p * (1 - p) / many.size()) + 1e-3));
        }
    }

    @Test
    void aContinuationEndsWhereTheModelsPositionsEnd() {
        int[] prompt = Fixtures.tokens(new Random(1), 60, 37);
        Continuation written =
                generator.generate(List.of(prompt), Sampling.greedy(50, Set.of())).getFirst();
        assertThat(written.tokens()).hasSize(4);
    }

    @Test
    void tokensBeyondTheVocabularyAreRefused() {
        assertThatThrownBy(
                        () ->
                                generator.generate(
                                        List.of(new int[] {37}), Sampling.greedy(1, Set.of())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Token id 37 is not in the model's vocabulary of 37");
    }

    private static Sampling sampling(int maxNewTokens, Set<Integer> stopTokens, Choice choice) {
        return new Sampling(maxNewTokens, stopTokens, choice, Detail.NONE);
    }

    private static List<int[]> prompts(int count) {
        var random = new Random(2);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(Fixtures.tokens(random, 1 + random.nextInt(9), 37));
        }
        return prompts;
    }

    /// Greedy decoding that reads everything again for every token.
    private static int[] slowly(int[] prompt, int count) {
        int[] all = Arrays.copyOf(prompt, prompt.length + count);
        for (int i = prompt.length; i < all.length; i++) {
            double[] logits = logits(Arrays.copyOf(all, i));
            for (int v = 1; v < logits.length; v++) {
                if (logits[v] > logits[all[i]]) {
                    all[i] = v;
                }
            }
        }
        return Arrays.copyOfRange(all, prompt.length, all.length);
    }

    private static double[] logits(int[] tokens) {
        boolean[] real = new boolean[tokens.length];
        Arrays.fill(real, true);
        return PaddedLogits.of(MODEL, Adapter.ON, new int[][] {tokens}, new boolean[][] {real})[0][
                tokens.length - 1];
    }
}
