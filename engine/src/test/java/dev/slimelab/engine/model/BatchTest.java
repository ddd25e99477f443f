package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// How rows lie in a batch changes nothing of what comes out of it.
class BatchTest {
    private static final int VOCABULARY = 37;
    private static final LanguageModel MODEL =
            LanguageModel.initialize(
                    Fixtures.TORCH,
                    Fixtures.tiny(true),
                    new Initialization(3, Initialization.Residual.PLAIN),
                    Precision.FLOAT32,
                    Training.FULL);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 25, 40, 64, 200})
    void packedRowsEqualRowsOfTheirOwn(int packedLength) {
        List<Row> rows = rows(new Random(packedLength), 9);

        Sums apart = sums(rows, 0);
        Sums packed = sums(rows, packedLength);

        assertClose(packed.logps, apart.logps, Tolerances.SHARED_PROMPT);
        assertClose(packed.entropies, apart.entropies, Tolerances.SHARED_PROMPT);
        assertClose(packed.gradient, apart.gradient, Tolerances.SHARED_PROMPT);
    }

    @Test
    void shortRowsShareALine() {
        List<Row> rows = rows(new Random(1), 12);
        int tokens = rows.stream().mapToInt(Row::length).sum();

        Batch packed = new Batch(rows, MODEL.config(), 60);

        assertThat(packed.lines).isLessThan(rows.size() / 2);
        assertThat(packed.length).isLessThanOrEqualTo(60);
        assertThat(packed.lines * packed.length).isLessThan(tokens * 4 / 3);
    }

    @Test
    void rowsOfOneLineDoNotSeeEachOther() {
        Random random = new Random(2);
        Row kept =
                Row.of(
                        Fixtures.tokens(random, 5, VOCABULARY),
                        Fixtures.tokens(random, 6, VOCABULARY));
        Row before =
                Row.of(
                        Fixtures.tokens(random, 8, VOCABULARY),
                        Fixtures.tokens(random, 9, VOCABULARY));
        Row other =
                Row.of(
                        Fixtures.tokens(random, 8, VOCABULARY),
                        Fixtures.tokens(random, 9, VOCABULARY));

        double[] one = sums(List.of(before, kept), 64).logps;
        double[] two = sums(List.of(other, kept), 64).logps;

        int own = kept.completions().getFirst().length;
        for (int i = 1; i <= own; i++) {
            assertThat(two[two.length - i]).isEqualTo(one[one.length - i]);
        }
        assertThat(two[0]).isNotEqualTo(one[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60})
    void whatStandsInPaddingDoesNotMatter(int packedLength) {
        List<Row> rows = rows(new Random(4), 7);
        var batch = new Batch(rows, MODEL.config(), packedLength);
        double[] zeros = logps(Pass.run(MODEL, batch, PassOptions.evaluation()));
        Random random = new Random(5);
        int padded = 0;
        for (int i = 0; i < batch.ids.length; i++) {
            if (batch.segments[i] < 0) {
                batch.ids[i] = random.nextInt(VOCABULARY);
                padded++;
            }
        }

        double[] others = logps(Pass.run(MODEL, batch, PassOptions.evaluation()));

        assertThat(padded).isPositive();
        assertThat(others).isEqualTo(zeros);
    }

    /// Rows of one or two completions, some of them empty.
    private static List<Row> rows(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = Fixtures.tokens(random, 1 + random.nextInt(8), VOCABULARY);
            int[] first = Fixtures.tokens(random, 1 + random.nextInt(8), VOCABULARY);
            rows.add(
                    i % 3 == 0
                            ? Row.of(prompt, first)
                            : Row.of(
                                    prompt,
                                    first,
                                    Fixtures.tokens(random, random.nextInt(8), VOCABULARY)));
        }
        return rows;
    }

    @SuppressWarnings("ArrayRecordComponent") // a bag of numbers for one comparison
    private record Sums(double[] logps, double[] entropies, double[] gradient) {}

    private static Sums sums(List<Row> rows, int packedLength) {
        try (AdamW optimizer = new AdamW(MODEL, AdamW.Settings.standard());
                Pass pass = MODEL.forward(rows, PassOptions.training(), packedLength)) {
            optimizer.zeroGradients();
            double[][][] logps = pass.logps();
            double[] entropies = flat(pass.statistics().entropy());
            pass.backward(logps);
            double[] gradient =
                    MODEL.parameters().stream()
                            .flatMapToDouble(
                                    parameter ->
                                            Arrays.stream(
                                                    widened(parameter.gradient().toFloatArray())))
                            .toArray();
            return new Sums(flat(logps), entropies, scaled(gradient));
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
