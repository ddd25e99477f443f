package dev.slimelab.app.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.app.chart.Backdrop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

class EvidenceTest {
    private static final Objective SLIME = Preset.SLIME.objective();

    /// Margins 0, 1.2 and 2 nat per token; SLIME's are 1 and 1.5. δ is 1.25.
    private static final Evidence THREE =
            new Evidence(
                    "three",
                    new PairLogps(
                            new double[][] {{-1}, {-1}, {-1}},
                            new double[][] {{-1}, {-2.2}, {-3, -3}}),
                    null);

    @TempDir private Path folder;

    @Test
    void sharesOfPairsAndTokensAreThoseOfTheRegions() {
        var contrast = LossMicroscope.contrast(SLIME, null, THREE);
        assertThat(contrast.shares()).extracting(Evidence.Share::count).containsExactly(1L, 1L, 1L);
        assertThat(contrast.shares().getFirst().share()).isCloseTo(1 / 3.0, within(1e-12));
        var tokens = LossMicroscope.stabiliser(SLIME, null, THREE);
        assertThat(tokens.shares()).extracting(Evidence.Share::count).containsExactly(3L, 1L);
        Backdrop backdrop = contrast.figure().backdrop();
        assertThat(backdrop.bounds()).containsExactly(1.0, 1.5);
        assertThat(backdrop.counts().stream().mapToDouble(c -> c).sum()).isEqualTo(3);
    }

    @Test
    void theSamePairsStandElsewhereUnderAnotherObjective() {
        // DPO sums: −1 − (−6) = 5 against a reference, which was not measured.
        Objective dpo = Preset.DPO.objective();
        assertThat(LossMicroscope.contrast(dpo, null, THREE).shares()).isEmpty();
        Evidence withReference =
                new Evidence(
                        "with",
                        new PairLogps(
                                THREE.logps().chosen(), THREE.logps().rejected(), THREE.logps()),
                        null);
        assertThat(withReference.comparisons(dpo)).containsOnly(0);
        // SimPO: z = 2.5 · (margin − 0.5) or as its preset has it; the order is the margins'.
        assertThat(THREE.comparisons(Preset.SIMPO.objective())).isSorted().hasSize(3);
    }

    @Test
    void valuesBeyondThePictureAreInItsOutermostBars() {
        Backdrop backdrop = Backdrop.of(new double[] {-100, 0, 100}, -1, 1, new double[0]);
        assertThat(backdrop.counts().getFirst()).isEqualTo(1);
        assertThat(backdrop.counts().getLast()).isEqualTo(1);
        assertThat(Backdrop.of(new double[0], -1, 1, new double[0])).isEqualTo(Backdrop.NONE);
    }

    @Test
    void aRunsLatestRecordIsRead() throws Exception {
        RunDirectory run = new RunDirectory(folder);
        assertThat(Evidence.recorded("run", run)).isNull();
        Files.createDirectories(run.tokens());
        Files.writeString(run.tokens().resolve("probe.json"), "[]");
        Files.writeString(run.tokens().resolve("step-000000.json"), "{}");
        Files.writeString(
                run.tokens().resolve("step-000010.json"),
                """
                {"step": 10, "logps": {"chosen": [[-1]], "rejected": [[-2]]},
                 "histogram/rejected": [0, 0, 1, 5]}
                """);
        Evidence evidence = Objects.requireNonNull(Evidence.recorded("run", run));
        assertThat(evidence.words()).isEqualTo("1 probe pairs of run at step 10");
        assertThat(evidence.tokens(Objects.requireNonNull(SLIME.stabiliser())))
                .containsExactly(-0.75, -0.25, -0.25, -0.25, -0.25, -0.25);
        Files.writeString(run.tokens().resolve("step-000020.json"), "{}");
        assertThatThrownBy(() -> Evidence.recorded("run", run)).isInstanceOf(Problem.class);
    }
}
