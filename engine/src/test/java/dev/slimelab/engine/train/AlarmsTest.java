package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Alarms on made-up series, and on two short runs of the built-in model.
class AlarmsTest {
    private static final Objective SLIME = Preset.SLIME.objective();

    private final Alarms alarms = new Alarms();
    private int step;

    /// `event alarm` of every notice of the next evaluation.
    private List<String> see(Map<String, Double> line) {
        return watch(line).stream()
                .map(notice -> notice.event() + " " + notice.facts().get("alarm"))
                .toList();
    }

    private List<Alarms.Notice> watch(Map<String, Double> line) {
        return alarms.watch(step++, SLIME, line);
    }

    private static Map<String, Double> delta(double value) {
        return Map.of("logps_delta/chosen", value);
    }

    @Test
    void displacementIsRaisedOnceUntilItClears() {
        assertThat(see(delta(0))).isEmpty();
        assertThat(see(delta(-0.1))).isEmpty();
        assertThat(see(delta(-0.11))).containsExactly("alarm displacement");
        assertThat(see(delta(-0.3))).isEmpty();
        assertThat(see(delta(-0.07))).isEmpty();
        assertThat(see(delta(-0.12))).isEmpty();
        assertThat(see(delta(-0.04))).containsExactly("alarm-cleared displacement");
        assertThat(see(delta(-0.11))).containsExactly("alarm displacement");
    }

    /// The stabiliser pulls harder, but upwards.
    @Test
    void theTermThatPushesDownIsNamedWithItsNumbers() {
        Map<String, Double> line = new LinkedHashMap<>(delta(-0.25));
        line.put("gradient_share/contrast", 0.4);
        line.put("gradient_share/stabiliser", 0.6);
        line.put("gradient_chosen/contrast", -0.5);
        line.put("gradient_rejected/contrast", 0.5);
        line.put("gradient_chosen/stabiliser", 0.0);
        line.put("gradient_rejected/stabiliser", -0.75);

        Map<String, Object> facts = watch(line).getFirst().facts();

        assertThat(facts).containsEntry("term", "contrast").containsEntry("step", 0);
        assertThat(facts.get("says"))
                .isEqualTo(
                        "The chosen answers have lost 0.250 nat per token since step 0: the model"
                                + " unlearns what it should prefer. The contrast pushes log-probs down"
                                + " hardest.");
        assertThat(facts.get("numbers"))
                .isEqualTo(
                        Map.of(
                                "logps_delta/chosen", -0.25,
                                "gradient_share/contrast", 0.4,
                                "gradient_chosen/contrast", -0.5,
                                "gradient_rejected/contrast", 0.5));
    }

    private List<String> ranked(double accuracy, double delta) {
        return see(Map.of("rewards/accuracies", accuracy, "logps_delta/chosen", delta));
    }

    @Test
    void goodRankingOfFallingAnswersIsHollow() {
        assertThat(ranked(1, -0.01)).isEmpty();
        assertThat(ranked(1, -0.01)).isEmpty();
        assertThat(ranked(1, 0.01)).isEmpty(); // the chosen answers have not fallen
        assertThat(ranked(0.84, -0.01)).isEmpty(); // mean 0.947
        assertThat(ranked(1, -0.01)).isEmpty(); // 0.947 again
        assertThat(ranked(1, -0.01)).isEmpty();
        assertThat(ranked(1, -0.01)).containsExactly("alarm hollow-accuracy");
        assertThat(ranked(0.8, -0.01)).isEmpty(); // 0.933, between the thresholds
        assertThat(ranked(0.8, -0.01)).containsExactly("alarm-cleared hollow-accuracy"); // 0.867
    }

    @Test
    void hollowAccuracyIsOverWhenTheChosenAnswersAreBack() {
        ranked(1, -0.01);
        ranked(1, -0.01);
        assertThat(ranked(1, -0.01)).containsExactly("alarm hollow-accuracy");
        assertThat(ranked(1, 0.01)).containsExactly("alarm-cleared hollow-accuracy");
    }

    /// The accuracies of batches of 16 pairs at the evaluations of a SLIME run: 16 of 16 twice, by
    /// chance.
    @Test
    void aLuckyBatchIsNoHollowAccuracy() {
        for (double accuracy :
                List.of(
                        0.8125, 0.875, 0.8125, 1.0, 0.8125, 0.75, 0.8125, 0.75, 0.9375, 0.875, 1.0,
                        0.75, 0.9375)) {
            assertThat(ranked(accuracy, -0.02)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slime/state_beyond_mh", "stapo/state_right"})
    void saturation(String state) {
        assertThat(see(Map.of(state, 0.9))).isEmpty();
        assertThat(see(Map.of(state, 0.91))).containsExactly("alarm saturation/" + state);
        assertThat(see(Map.of(state, 0.85))).isEmpty();
        assertThat(see(Map.of(state, 0.5))).containsExactly("alarm-cleared saturation/" + state);
    }

    @Test
    void aTermIsIdleAfterThreeEvaluations() {
        Map<String, Double> idle =
                Map.of("gradient_share/contrast", 0.995, "gradient_share/anchor", 0.005);
        Map<String, Double> slow =
                Map.of("gradient_share/contrast", 0.985, "gradient_share/anchor", 0.015);

        assertThat(see(idle)).isEmpty();
        assertThat(see(idle)).isEmpty();
        assertThat(see(slow)).isEmpty();
        assertThat(see(idle)).isEmpty();
        assertThat(see(idle)).isEmpty();
        assertThat(see(idle)).containsExactly("alarm idle-term/anchor");
        assertThat(see(slow)).isEmpty();
        assertThat(see(Map.of("gradient_share/contrast", 0.9, "gradient_share/anchor", 0.1)))
                .containsExactly("alarm-cleared idle-term/anchor");
    }

    @ParameterizedTest
    @CsvSource({
        "entropy, 1, 0.94, 0.93, 0.92, 0.99",
        "entropy, 1, 1.06, 1.07, 1.08, 1.01",
        "mass, 0.9, 0.84, 0.83, 0.82, 0.89"
    })
    void newExtremesThreeTimesInARowAreDegeneration(
            String name, double start, double first, double second, double third, double back) {
        String metric = "probe/" + name + "_top10";

        assertThat(see(Map.of(metric, start))).isEmpty();
        assertThat(see(Map.of(metric, first))).isEmpty();
        assertThat(see(Map.of(metric, second))).isEmpty();
        assertThat(see(Map.of(metric, third))).containsExactly("alarm degeneration/" + name);
        assertThat(see(Map.of(metric, back))).containsExactly("alarm-cleared degeneration/" + name);
    }

    /// Neither a value that stays where it went, nor small steps around the start.
    @Test
    void aShapeThatSettlesIsNoDegeneration() {
        for (double value : List.of(1.0, 0.9, 0.9, 0.9, 0.9)) {
            assertThat(see(Map.of("probe/entropy_top10", value))).isEmpty();
        }
        for (double value : List.of(1.0, 0.99, 0.98, 0.97, 0.96)) {
            assertThat(see(Map.of("probe/mass_top10", value))).isEmpty();
        }
    }

    @Test
    void supervisedTrainingMaySharpenTheDistribution() {
        for (double value : List.of(1.0, 0.9, 0.8, 0.7, 0.6)) {
            assertThat(
                            alarms.watch(
                                    step++,
                                    Preset.SFT.objective(),
                                    Map.of("probe/entropy_top10", value)))
                    .isEmpty();
        }
    }

    @Test
    void aResumedRunRemembers() {
        Map<String, Double> idle =
                Map.of(
                        "logps_delta/chosen", -0.2,
                        "gradient_share/contrast", 1.0,
                        "gradient_share/anchor", 0.0);
        see(idle);
        see(idle);
        Alarms resumed = new Alarms();
        resumed.restore(alarms.state());

        assertThat(resumed.watch(step, SLIME, idle))
                .extracting(notice -> notice.facts().get("alarm"))
                .containsExactly("idle-term/anchor");
    }

    /// The contrast of the paper's introduction, on the built-in model: DPO unlearns the chosen
    /// answers, SLIME does not.
    @ParameterizedTest
    @CsvSource({"dpo, true", "slime, false"})
    void onlyDpoRaisesDisplacementAndBlamesItsContrast(
            String sample, boolean raised, @TempDir Path folder) throws InterruptedException {
        RunDirectory run = new RunDirectory(folder.resolve(sample));
        Path spec = Path.of("..", "sample-runs", sample, "spec.json");
        List<String> changes =
                List.of(
                        "optimization.maxSteps=80",
                        "optimization.schedule=constant",
                        "data.pairs=1280",
                        "evaluation.everySteps=20",
                        "evaluation.scoredPrompts=0",
                        "evaluation.samplePrompts=0");
        new TrainingRun(SpecJson.read(spec, changes), run.path(), _ -> {}).run();

        List<String> blamed = new ArrayList<>();
        for (JsonNode alarm : SmallRuns.events(run, "alarm")) {
            if (alarm.get("alarm").stringValue().equals("displacement")) {
                blamed.add(alarm.get("term").stringValue());
                assertThat(alarm.get("numbers").get("logps_delta/chosen").doubleValue())
                        .isLessThan(-0.1);
            }
        }
        assertThat(blamed).isEqualTo(raised ? List.of("contrast") : List.of());
    }
}
