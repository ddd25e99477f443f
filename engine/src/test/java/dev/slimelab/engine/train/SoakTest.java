package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A long run keeps its size: `./mvnw verify -Psoak -pl engine`, about three minutes on one core.
@Tag("soak")
class SoakTest {
    private static final int STEPS = 1_000;

    /// Arenas, compiled code and caches are warm by then.
    private static final int WARM = 100;

    @TempDir private Path folder;

    @Test
    void aThousandStepsGrowByLessThanFivePercent() throws InterruptedException {
        RunDirectory run = new RunDirectory(folder.resolve("soak"));
        new TrainingRun(
                        SpecJson.read(
                                Path.of("..", "sample-runs", "slime", "spec.json"),
                                List.of(
                                        "optimization.maxSteps=" + STEPS,
                                        "evaluation.everySteps=" + STEPS,
                                        "evaluation.scoredPrompts=0",
                                        "evaluation.samplePrompts=0")),
                        run.path(),
                        _ -> {})
                .run();

        List<JsonNode> lines = new JsonLinesTail(run.metrics()).poll().lines();
        for (int step = WARM; step <= STEPS; step += WARM) {
            System.out.printf(
                    Locale.ROOT, "step %d: %.1f MB%n", step, memory(lines.get(step)) / 1e6);
        }
        double warm = memory(lines.get(WARM));
        double most =
                lines.subList(WARM, STEPS + 1).stream()
                        .mapToDouble(SoakTest::memory)
                        .max()
                        .orElseThrow();
        assertThat(most / warm).as("largest after step 100, relative to it").isLessThan(1.05);
    }

    private static double memory(JsonNode line) {
        return line.get("memory_bytes").doubleValue();
    }
}
