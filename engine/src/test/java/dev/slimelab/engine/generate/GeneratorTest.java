package dev.slimelab.engine.generate;

import static dev.slimelab.engine.Tolerances.SHARED_PROMPT;
import static dev.slimelab.engine.generate.Sampling.Prompts.READ;
import static dev.slimelab.engine.generate.Sampling.Prompts.SCORED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.generate.Sampling.Choice;
import dev.slimelab.engine.generate.Sampling.Detail;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.PaddedLogits;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.PassOptions.Adapter;
import dev.slimelab.engine.model.Row;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

class GeneratorTest {
    private static final LanguageModel MODEL =
            LanguageModel.initialize(
                    Fixtures.TORCH,
                    Fixtures.tiny(true, 64),
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
        List<int[]> many = Collections.nCopies(4000, prompt);
        double[] seen = new double[expected.length];
        for (Continuation written :
                generator.generate(many, sampling(1, Set.of(), Choice.at(1.5, 8)))) {
            seen[written.tokens()[0]] += 1.0 / many.size();
        }
        for (int i = 0; i < seen.length; i++) {
            double p = expected[i] / total;
            // Five standard errors of a proportion.
            assertThat(seen[i])
                    .isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / many.size()) + 1e-3));
        }
    }

    @Test
    void onlyTheLikeliestAreDrawnInTheirProportions() {
        int[] prompt = {5, 9, 11};
        double[] p = Arrays.stream(logits(prompt)).map(Math::exp).toArray();
        int[] best =
                IntStream.range(0, p.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -p[i]))
                        .mapToInt(Integer::intValue)
                        .limit(8)
                        .toArray();
        double topEight = Arrays.stream(best).mapToDouble(i -> p[i]).sum();
        int kept = 0;
        double share = 0;
        while (share < 0.6) {
            share += p[best[kept++]] / topEight;
        }
        assertThat(kept).as("top-p leaves out some of the eight").isBetween(2, 7);
        int draws = 4000;
        double[] seen = new double[p.length];
        for (Continuation written :
                generator.generate(
                        Collections.nCopies(draws, prompt),
                        sampling(1, Set.of(), new Choice(1, 8, 0.6, 3)))) {
            seen[written.tokens()[0]] += 1.0 / draws;
        }
        for (int rank = 0; rank < kept; rank++) {
            double expected = p[best[rank]] / topEight / share;
            // Five standard errors of a proportion.
            assertThat(seen[best[rank]])
                    .isCloseTo(expected, within(5 * Math.sqrt(expected * (1 - expected) / draws)));
            seen[best[rank]] = 0;
        }
        assertThat(Arrays.stream(seen).sum()).as("drawn from the others").isZero();
    }

    @Test
    void topKOfOneIsGreedyAtAnyTemperature() {
        List<int[]> prompts = prompts(4);
        assertThat(generator.generate(prompts, sampling(8, Set.of(), new Choice(1.3, 1, 1, 5))))
                .usingRecursiveComparison()
                .isEqualTo(generator.generate(prompts, Sampling.greedy(8, Set.of())));
    }

    @Test
    void logProbabilitiesAreTheModelsWhateverTheTemperature() {
        int[] prompt = {5, 9, 11};
        var heard = new Heard();
        run(
                List.of(prompt),
                new Sampling(6, Set.of(), Choice.at(2, 1), new Detail(3, READ)),
                heard);
        List<ScoredToken> written = requireNonNull(heard.written.get(0));
        assertThat(written).hasSize(6);
        int[] all = Arrays.copyOf(prompt, 9);
        for (int i = 0; i < 6; i++) {
            double[] logps = logSoftmax(logits(Arrays.copyOf(all, 3 + i)));
            ScoredToken token = written.get(i);
            assertThat(token.logp()).isCloseTo(logps[token.id()], SHARED_PROMPT);
            assertThat(token.likeliest()).hasSize(3);
            for (ScoredToken.Likely likely : token.likeliest()) {
                assertThat(likely.logp()).isCloseTo(logps[likely.id()], SHARED_PROMPT);
            }
            assertThat(token.likeliest().getFirst().logp())
                    .isCloseTo(Arrays.stream(logps).max().orElseThrow(), SHARED_PROMPT);
            all[3 + i] = token.id();
        }
    }

    @Test
    void promptsAreScoredAsInTraining() {
        List<int[]> prompts = prompts(5);
        var heard = new Heard();
        run(prompts, new Sampling(0, Set.of(), Choice.GREEDY, new Detail(1, SCORED)), heard);
        for (int i = 0; i < prompts.size(); i++) {
            int[] prompt = prompts.get(i);
            double[] trained =
                    MODEL.forward(
                                    List.of(
                                            Row.of(
                                                    Arrays.copyOf(prompt, 1),
                                                    Arrays.copyOfRange(prompt, 1, prompt.length))),
                                    PassOptions.evaluation())
                            .logps()[0][0];
            List<ScoredToken> scored = requireNonNull(heard.prompts.get(i));
            assertThat(scored.stream().mapToInt(ScoredToken::id)).containsExactly(box(prompt));
            assertThat(scored.getFirst().logp()).isNaN();
            for (int t = 0; t < trained.length; t++) {
                assertThat(scored.get(t + 1).logp()).isCloseTo(trained[t], SHARED_PROMPT);
            }
            assertThat(heard.written.get(i)).isNull();
            assertThat(heard.cut).contains(i);
        }
    }

    /// The cache begins with room for 64 new tokens.
    @Test
    void aLongContinuationIsWhatTheModelSaysWhenItReadsItAtOnce() {
        try (LanguageModel model =
                LanguageModel.initialize(
                        Fixtures.TORCH,
                        Fixtures.tiny(true, 256),
                        new Initialization(3, Initialization.Residual.PLAIN),
                        Precision.FLOAT32,
                        LanguageModel.Training.FROZEN)) {
            List<int[]> prompts = prompts(3);
            List<Continuation> written =
                    new Generator(model, Adapter.OFF)
                            .generate(prompts, Sampling.greedy(200, Set.of()));
            for (int i = 0; i < prompts.size(); i++) {
                int[] prompt = prompts.get(i);
                int[] tokens = written.get(i).tokens();
                assertThat(tokens).hasSize(200);
                double[][][] likeliest =
                        model.forward(
                                        List.of(Row.of(prompt, tokens)),
                                        PassOptions.evaluation()
                                                .with(PassOptions.Detail.STATISTICS))
                                .statistics()
                                .likeliest();
                assertThat(likeliest[0][0]).containsOnly(1.0);
            }
            Continuation longest =
                    new Generator(model, Adapter.OFF)
                            .generate(
                                    List.of(new int[] {5}),
                                    Sampling.greedy(Integer.MAX_VALUE, Set.of()))
                            .getFirst();
            assertThat(longest.tokens()).hasSize(255);
        }
    }

    @Test
    void aListenerThatHasEnoughEndsItsContinuationOnly() {
        var heard = new Heard();
        heard.enoughOf = 1;
        run(prompts(3), Sampling.greedy(5, Set.of()), heard);
        assertThat(heard.written.get(0)).hasSize(5);
        assertThat(heard.written.get(1)).hasSize(1);
        assertThat(heard.written.get(2)).hasSize(5);
        assertThat(heard.cut).containsExactlyInAnyOrder(0, 2);
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

    /// What a generation told.
    private static final class Heard implements Listener {
        private final Map<Integer, List<ScoredToken>> prompts = new HashMap<>();
        private final Map<Integer, List<ScoredToken>> written = new HashMap<>();
        private final List<Integer> cut = new ArrayList<>();
        private int enoughOf = -1;

        @Override
        public void prompt(int prompt, List<ScoredToken> tokens) {
            prompts.put(prompt, tokens);
        }

        @Override
        public Next token(int prompt, ScoredToken token) {
            written.computeIfAbsent(prompt, _ -> new ArrayList<>()).add(token);
            return prompt == enoughOf ? Next.ENOUGH : Next.GO_ON;
        }

        @Override
        public void stopped(int prompt, ScoredToken stopToken) {}

        @Override
        public void cut(int prompt) {
            cut.add(prompt);
        }
    }

    private void run(List<int[]> prompts, Sampling sampling, Listener listener) {
        try (Generation generation = generator.begin(prompts, sampling, listener)) {
            while (generation.step()) {}
        }
    }

    private static double[] logSoftmax(double[] logits) {
        double total = Math.log(Arrays.stream(logits).map(Math::exp).sum());
        return Arrays.stream(logits).map(x -> x - total).toArray();
    }

    private static Integer[] box(int[] values) {
        return Arrays.stream(values).boxed().toArray(Integer[]::new);
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
