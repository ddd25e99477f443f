package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Preset;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// What a step measures is a matter of the batch alone, for batches drawn at random.
///
/// In float64, where the order of sums does not hide an error of a millionth.
class OptimizerStepTest {
    private static final int VOCABULARY = 37;
    private static final LanguageModel MODEL = model(3, Training.FULL);

    /// Another model than the policy, so that no pair is a tie.
    private static final LanguageModel REFERENCE = model(4, Training.FROZEN);

    @AfterAll
    static void close() {
        MODEL.close();
        REFERENCE.close();
    }

    private static LanguageModel model(long seed, Training training) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                Fixtures.tiny(false),
                new Initialization(seed, Initialization.Residual.PLAIN),
                Precision.FLOAT64,
                training);
    }

    @ParameterizedTest
    @CsvSource({
        "SLIME",
        "SLIME_CODE",
        "DPO",
        "SIMPO",
        "ORPO",
        "WPO",
        "SPO_HINGE",
        "SPO_INNER",
        "ALPHA_DPO"
    })
    void metricsDoNotDependOnHowTheBatchIsCutOrderedOrPacked(Preset preset) {
        Random random = new Random(preset.id().hashCode());
        for (int round = 0; round < 5; round++) {
            List<Example> batch = batch(random, 3 + random.nextInt(8));
            List<Example> shuffled = new ArrayList<>(batch);
            Collections.shuffle(shuffled, random);
            var reference =
                    ReferenceLogps.Precomputed.compute(REFERENCE, PassOptions.evaluation(), batch);

            Map<String, Double> whole = measured(preset, reference, batch, batch.size());

            for (int size = 1; size < batch.size(); size++) {
                assertSame(measured(preset, reference, batch, size), whole);
            }
            assertSame(measured(preset, reference, shuffled, batch.size()), whole);
            assertSame(measured(preset, reference, shuffled, 3), whole);
        }
    }

    /// Moves nothing, because the learning rate is 0.
    private static Map<String, Double> measured(
            Preset preset, ReferenceLogps reference, List<Example> batch, int microBatch) {
        try (AdamW optimizer = new AdamW(MODEL, AdamW.Settings.standard())) {
            var step =
                    new OptimizerStep(
                            new Replicas(
                                    new ObjectiveInputs(MODEL, reference, new ObjectiveMemory(0))),
                            optimizer,
                            preset.objective(),
                            microBatch,
                            0,
                            null,
                            0);
            Map<String, Double> metrics = new TreeMap<>(step.take(batch, 0));
            metrics.values().removeIf(value -> value.isNaN());
            return metrics;
        }
    }

    static void assertSame(Map<String, Double> actual, Map<String, Double> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (metric, value) ->
                        assertThat(actual.get(metric))
                                .as(metric)
                                .isCloseTo(
                                        value,
                                        within(
                                                Tolerances.BATCH_LAYOUT
                                                        * Math.max(1, Math.abs(value)))));
    }

    private static List<Example> batch(Random random, int pairs) {
        List<Example> batch = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            batch.add(
                    new Example(
                            i,
                            Row.of(
                                    Fixtures.tokens(random, 1 + random.nextInt(9), VOCABULARY),
                                    Fixtures.tokens(random, 1 + random.nextInt(9), VOCABULARY),
                                    Fixtures.tokens(random, 1 + random.nextInt(9), VOCABULARY))));
        }
        return batch;
    }
}
