package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.RunSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

class ScoringTest {
    @TempDir private Path folder;

    @Test
    void pairsAreSpreadEvenlyAndAllThereAreWhereThereAreFewer() {
        assertThat(Scoring.spread(40, 4)).containsExactly(0, 10, 20, 30);
        assertThat(Scoring.spread(3, 64)).containsExactly(0, 1, 2);
    }

    /// A batch of all eight rows: its first line of metrics is about the weights of the start.
    @Test
    void scoresAreWhatARunMeasuresBeforeItsFirstStep() throws Exception {
        RunSpec spec = SmallRuns.spec(folder, "data.pairs=8", "optimization.maxSteps=1");
        PairScores scores = Scoring.score(spec, 8);
        new TrainingRun(spec, folder.resolve("run"), _ -> {}).run();
        JsonNode line =
                JsonMapper.shared()
                        .readTree(
                                Files.readAllLines(folder.resolve("run/metrics.jsonl")).stream()
                                        .filter(text -> text.contains("logps_mean/chosen"))
                                        .findFirst()
                                        .orElseThrow());
        double[] means = Probe.means(scores.logps().chosen());
        assertThat(Arrays.stream(means).average().orElseThrow())
                .isCloseTo(line.get("logps_mean/chosen").doubleValue(), within(1e-5));
    }

    @Test
    void theReferenceIsThePolicyWhereNothingWasTrainedYet() {
        PairLogps logps = Scoring.score(SmallRuns.spec(folder), 3).logps();
        PairLogps reference = Objects.requireNonNull(logps.reference());
        assertThat(reference.rejected()).isDeepEqualTo(logps.rejected());
        PairLogps without = Scoring.score(SmallRuns.spec(folder, "reference.kind=none"), 3).logps();
        assertThat(without.reference()).isNull();
    }

    @Test
    void scoresSurviveJson() {
        PairScores scores = Scoring.score(SmallRuns.spec(folder), 2);
        PairScores read = PairScores.read(scores.json());
        assertThat(read.rows()).containsExactly(0, 20);
        assertThat(read.of()).isEqualTo(40);
        double[] before = scores.logps().chosen()[1];
        double[] after = read.logps().chosen()[1];
        assertThat(after).hasSameSizeAs(before);
        assertThat(after[0]).isCloseTo(before[0], within(1e-4));
        assertThat(read.json()).isEqualTo(scores.json());
    }
}
