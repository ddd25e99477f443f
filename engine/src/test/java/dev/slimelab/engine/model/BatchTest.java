package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.PassOptions.Adapter;

import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// How rows lie in a batch changes nothing of what comes out of it.
class BatchTest {
    private static final int VOCABULARY = 37;

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void aBatchOfSharedPromptsEqualsPaddedRowsOfTheirOwn(ModelConfig config) {
        try (LanguageModel model = model(config)) {
            List<Row> rows = rows(new Random(1), 7);

            double[] batch = logps(model.forward(rows, PassOptions.evaluation()));

            assertClose(batch, padded(model, unshared(rows)), Tolerances.SHARED_PROMPT);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void gradientsOfABatchEqualThoseOfRowsOfTheirOwn(ModelConfig config) {
        try (LanguageModel model = model(config)) {
            List<Row> rows = rows(new Random(2), 7);

            Sums together = sums(model, List.of(rows));
            Sums apart = sums(model, unshared(rows).stream().map(List::of).toList());

            assertClose(together.entropies, apart.entropies, Tolerances.SHARED_PROMPT);
            assertClose(together.gradient, apart.gradient, Tolerances.SHARED_PROMPT);
        }
    }

    @Test
    void rowsDoNotSeeEachOther() {
        Random random = new Random(2);
        Row kept = row(random, 5, 6);
        try (LanguageModel model = model(Fixtures.tiny(true))) {
            double[] one = completion(model, row(random, 8, 9), kept);
            double[] two = completion(model, row(random, 8, 9), kept);

            assertThat(two).isEqualTo(one);
        }
    }

    /// Of each position: what enters the layer, its queries, keys, values, what attention gives,
    /// the residual stream after it, gate and up; nothing where a row is short of the longest.
    @Test
    void whatWaitsForBackwardGrowsWithTheTokensAndNothingElse() {
        ModelConfig config = Fixtures.tiny(true);
        long heads = (long) config.heads() * config.headDim();
        long keys = (long) config.keyValueHeads() * config.headDim();
        long perToken =
                2L * config.hiddenSize() + 2 * heads + 2 * keys + 2L * config.intermediateSize();
        List<Row> rows = rows(new Random(3), 9);
        long tokens = rows.stream().mapToLong(Row::length).sum();
        try (LanguageModel model = model(config)) {
            PassOptions training = PassOptions.training();
            assertThat(kept(model, rows, training)).isEqualTo(config.layers() * tokens * perToken);
            assertThat(kept(model, rows, training.withCheckpoints(1)))
                    .isEqualTo(config.layers() * tokens * (config.hiddenSize() + heads));
        }
    }

    /// Arithmetic, of every family, with and without adapter, against the numbers themselves.
    @ParameterizedTest
    @MethodSource("dev.slimelab.engine.model.Fixtures#families")
    void whatWillWaitIsKnownBeforeAnythingIsOpened(ModelConfig config) {
        List<Row> rows = rows(new Random(4), 5);
        long tokens = rows.stream().mapToLong(Row::length).sum();
        LoraSettings settings = LoraSettings.everywhere(3, 6);
        try (LanguageModel base =
                        LanguageModel.initialize(
                                Fixtures.TORCH,
                                config,
                                new Initialization(3, Initialization.Residual.PLAIN),
                                Precision.FLOAT32,
                                Training.FROZEN);
                Lora adapter = Lora.create(base, settings, 0);
                LanguageModel full = model(config)) {
            for (int every : new int[] {0, 1, 2}) {
                PassOptions options = PassOptions.training().withCheckpoints(every);
                assertThat(foretold(config, settings, tokens, every).kept())
                        .isEqualTo(4 * kept(base.with(adapter), rows, options));
                assertThat(foretold(config, null, tokens, every).kept())
                        .isEqualTo(4 * kept(full, rows, options));
            }
        }
        StepMemory all = foretold(config, settings, tokens, 0);
        assertThat(all.total())
                .isEqualTo(all.lasting().total() + all.kept() + all.working())
                .isGreaterThan(foretold(config, settings, tokens, 1).total());
    }

    private static StepMemory foretold(
            ModelConfig config, @Nullable LoraSettings adapter, long tokens, int every) {
        return StepMemory.of(
                ModelFacts.of(config, adapter), Precision.FLOAT32, adapter, tokens, every);
    }

    private static long kept(LanguageModel model, List<Row> rows, PassOptions options) {
        try (Pass pass = model.forward(rows, options)) {
            return pass.keptNumbers();
        }
    }

    private static double[] completion(LanguageModel model, Row before, Row row) {
        try (Pass pass = model.forward(List.of(before, row), PassOptions.evaluation())) {
            return pass.logps()[1][0];
        }
    }

    private static LanguageModel model(ModelConfig config) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                config,
                new Initialization(3, Initialization.Residual.PLAIN),
                Precision.FLOAT32,
                Training.FULL);
    }

    private static Row row(Random random, int prompt, int completion) {
        return Row.of(
                Fixtures.tokens(random, prompt, VOCABULARY),
                Fixtures.tokens(random, completion, VOCABULARY));
    }

    /// Short rows and rows of several blocks, of one or two completions, some of them empty.
    private static List<Row> rows(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int longest = i % 2 == 0 ? 8 : 150;
            int[] prompt = Fixtures.tokens(random, 1 + random.nextInt(longest), VOCABULARY);
            int[] first = Fixtures.tokens(random, 1 + random.nextInt(longest), VOCABULARY);
            rows.add(
                    i % 3 == 0
                            ? Row.of(prompt, first)
                            : Row.of(
                                    prompt,
                                    first,
                                    Fixtures.tokens(random, random.nextInt(longest), VOCABULARY)));
        }
        return rows;
    }

    /// A row for each completion.
    private static List<Row> unshared(List<Row> rows) {
        return rows.stream()
                .flatMap(row -> row.completions().stream().map(c -> Row.of(row.prompt(), c)))
                .toList();
    }

    /// Log-probabilities of the completions, from all logits of a padded batch.
    private static double[] padded(LanguageModel model, List<Row> rows) {
        int length = rows.stream().mapToInt(Row::length).max().orElseThrow();
        int[][] ids = new int[rows.size()][length];
        boolean[][] real = new boolean[rows.size()][length];
        for (int r = 0; r < rows.size(); r++) {
            int[] prompt = rows.get(r).prompt();
            int[] completion = rows.get(r).completions().getFirst();
            System.arraycopy(prompt, 0, ids[r], 0, prompt.length);
            System.arraycopy(completion, 0, ids[r], prompt.length, completion.length);
            Arrays.fill(real[r], 0, rows.get(r).length(), true);
        }
        double[][][] logits = PaddedLogits.of(model, Adapter.OFF, ids, real);
        List<Double> logps = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            for (int at = rows.get(r).prompt().length; at < rows.get(r).length(); at++) {
                double[] row = logits[r][at - 1];
                double sum = Arrays.stream(row).map(Math::exp).sum();
                logps.add(row[ids[r][at]] - Math.log(sum));
            }
        }
        return logps.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @SuppressWarnings("ArrayRecordComponent") // a bag of numbers for one comparison
    private record Sums(double[] entropies, double[] gradient) {}

    /// The gradients of all batches together, with each log-probability's own value as its slope.
    private static Sums sums(LanguageModel model, List<List<Row>> batches) {
        try (AdamW optimizer = new AdamW(model, AdamW.Settings.standard())) {
            optimizer.zeroGradients();
            List<double[]> entropies = new ArrayList<>();
            for (List<Row> rows : batches) {
                try (Pass pass = model.forward(rows, PassOptions.training())) {
                    entropies.add(flat(pass.statistics().entropy()));
                    pass.backward(pass.logps());
                }
            }
            double[] gradient =
                    model.parameters().stream()
                            .flatMapToDouble(
                                    parameter ->
                                            Arrays.stream(
                                                    widened(parameter.gradient().toFloatArray())))
                            .toArray();
            return new Sums(
                    entropies.stream().flatMapToDouble(Arrays::stream).toArray(), scaled(gradient));
        }
    }

    /// By its largest value, which is what rounding errors are relative to.
    private static double[] scaled(double[] gradient) {
        double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        return Arrays.stream(gradient).map(value -> value / largest).toArray();
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static double[] logps(Pass pass) {
        return flat(pass.logps());
    }

    private static double[] flat(double[][][] values) {
        return Arrays.stream(values)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static void assertClose(double[] actual, double[] expected, Offset<Double> tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], tolerance);
        }
    }
}
