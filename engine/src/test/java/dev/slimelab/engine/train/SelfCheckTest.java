package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.objective.Evaluation;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// Where objectives with a reference start.
class SelfCheckTest {
    private static final PairLogps START =
            new PairLogps(
                    new double[][] {{-0.5, -1.2, -0.1}}, new double[][] {{-2.0, -0.3, -4.0, -0.7}});

    /// START's chosen tokens are less likely by `difference` each than the reference's.
    private static PairLogps against(double difference) {
        double[] moved = START.chosen()[0].clone();
        for (int t = 0; t < moved.length; t++) {
            moved[t] += difference;
        }
        return new PairLogps(
                START.chosen(),
                START.rejected(),
                new PairLogps(new double[][] {moved}, START.rejected()));
    }

    /// IPO with τ = 0.1 aims at 5, so it starts at 25.
    @ParameterizedTest
    @CsvSource({"DPO, 0.693147", "IPO, 25", "APO_ZERO, 1", "NCA, 1.386294"})
    void aPolicyThatIsItsReferenceStartsWhereThePapersSay(Preset preset, double value) {
        Evaluation evaluation = preset.objective().evaluate(against(0));

        assertThat(evaluation.value()).isCloseTo(value, Tolerances.SIX_DECIMALS);
        assertThat(evaluation.rewardsChosen()).containsExactly(0);
        assertThat(evaluation.rewardsRejected()).containsExactly(0);
        assertThatCode(() -> check(preset.objective(), 0, Precision.FLOAT64))
                .doesNotThrowAnyException();
    }

    private static void check(Objective objective, double difference, Precision precision) {
        SelfCheck.requirePolicyEqualsReference(objective, against(difference), precision);
    }

    /// Three of seven tokens differ by 0.7: 0.3 on average, and h_w = −2.1 makes DPO −log σ(−0.21).
    @Test
    void aPolicyThatIsNotItsReferenceIsRefusedWithTheNumbers() {
        assertThatThrownBy(() -> check(Preset.DPO.objective(), 0.7, Precision.FLOAT32))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("differ by 0.300 nat per token")
                .hasMessageContaining("starts at 0.803650 instead of 0.693147");
    }

    @ParameterizedTest
    @CsvSource({"FLOAT64, 1e-9", "FLOAT32, 1e-4", "BFLOAT16, 0.05"})
    void roundingIsToleratedAndNoMore(Precision precision, double noise) {
        double perChosenToken = noise * 7 / 3;

        assertThatCode(() -> check(Preset.DPO.objective(), 0.99 * perChosenToken, precision))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check(Preset.DPO.objective(), 1.01 * perChosenToken, precision))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> check(Preset.DPO.objective(), Double.NaN, precision))
                .isInstanceOf(Problem.class);
    }

    @Test
    void withoutAReferenceThereIsNothingToCheck() {
        assertThatCode(
                        () ->
                                SelfCheck.requirePolicyEqualsReference(
                                        Preset.SIMPO.objective(), START, Precision.FLOAT64))
                .doesNotThrowAnyException();
    }

    @Test
    void aRunThatStartsWrongFailsAndSaysWhy(@TempDir Path folder) {
        RunDirectory run = new RunDirectory(folder.resolve("wrong"));
        TrainingRun training =
                new TrainingRun(SmallRuns.spec(folder, "objective=dpo"), run.path(), _ -> {})
                        .alsoMeasuring(
                                (_, objective) -> {
                                    check(objective, 0.7, Precision.FLOAT32);
                                    return Map.of();
                                });

        assertThatThrownBy(training::run)
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.FAILED));
        assertThat(RunStatus.read(run.status(), Instant.now()))
                .extracting(RunStatus::state)
                .isEqualTo(RunStatus.State.FAILED);
        assertThat(run.adapter()).doesNotExist();
    }
}
