package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.run.JsonLinesTail;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/// What the built-in lab must show, as statistics over three seeds: `./mvnw verify -Pchecks -pl
/// engine`, about twenty minutes on one core.
///
/// Each row trains a spec of `sample-runs/` again, evaluated only at its two ends. A seed decides
/// which pairs there are and their order; the start, the probe and the prompts are the same for
/// all. The table also lands in `target/checks/table.md`.
@Tag("checks")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TinyLabChecksTest {
    private static final List<Integer> SEEDS = List.of(0, 1, 2);
    private static final Path FOLDER = Path.of("target", "checks");
    private static final Path SAMPLES = Path.of("..", "sample-runs");

    @SuppressWarnings("Immutable") // lists made by List.of
    private enum Recipe {
        DPO("DPO", "dpo"),
        SIMPO("SimPO", "simpo"),
        SLIME("SLIME (p = 2.5)", "slime"),
        SLIME_WITHOUT_STABILISER("SLIME without stabiliser", "slime-without-stabiliser"),
        SLIME_P1("SLIME p = 1", "slime", "objective.stabiliser.p=1"),
        SLIME_P15("SLIME p = 1.5", "slime", "objective.stabiliser.p=1.5"),
        SLIME_P2("SLIME p = 2", "slime", "objective.stabiliser.p=2"),
        MORE_SFT("more SFT", "more-sft");

        private final String label;
        private final String sample;
        private final List<String> changes;

        Recipe(String label, String sample, String... changes) {
            this.label = label;
            this.sample = sample;
            this.changes = List.of(changes);
        }
    }

    private enum Column {
        DELTA_CHOSEN("Δ chosen", "logps_delta/chosen", 3),
        CHOSEN("chosen", "probe/chosen", 3),
        REJECTED("rejected", "probe/rejected", 2),
        MARGIN("margin", "probe/margin", 2),
        BELOW("rejected tokens < −10, share", "probe/rejected_below_e-10", 4),
        P01("rejected 1 % quantile", "probe/rejected_p01", 1),
        MINIMUM("rejected minimum", "probe/rejected_min", 1),
        GREEDY("greedy score", "score/greedy", 2),
        EXACT("greedy exact", "score/greedy_exact", 2),
        FORM("greedy form", "score/greedy_form", 2),
        SAMPLED("score T=1", "score/sampled", 2);

        private final String title;
        private final String key;
        private final int digits;

        Column(String title, String key, int digits) {
            this.title = title;
            this.key = key;
            this.digits = digits;
        }

        private double of(JsonNode line) {
            return line.get(key).doubleValue();
        }
    }

    private final Map<Recipe, List<JsonNode>> ends = new EnumMap<>(Recipe.class);
    private final List<JsonNode> starts = new ArrayList<>();

    @BeforeAll
    void trainEverything() throws IOException, InterruptedException {
        for (Recipe recipe : Recipe.values()) {
            for (int seed : SEEDS) {
                List<JsonNode> lines = train(recipe, seed);
                starts.add(lines.getFirst());
                ends.computeIfAbsent(recipe, _ -> new ArrayList<>()).add(lines.getLast());
            }
        }
        String table = table();
        System.out.println(table);
        Files.writeString(FOLDER.resolve("table.md"), table);
    }

    private static List<JsonNode> train(Recipe recipe, int seed)
            throws IOException, InterruptedException {
        Path folder =
                FOLDER.resolve(
                        recipe.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + seed);
        forget(folder);
        List<String> changes = new ArrayList<>(recipe.changes);
        changes.add("data.seed=" + seed);
        changes.add("seeds.order=" + seed);
        changes.add("evaluation.everySteps=160");
        Path spec = SAMPLES.resolve(recipe.sample).resolve("spec.json");
        new TrainingRun(SpecJson.read(spec, changes), folder, _ -> {}).run();
        List<JsonNode> lines = new JsonLinesTail(new RunDirectory(folder).metrics()).poll().lines();
        System.out.printf(
                Locale.ROOT,
                "%s, seed %d: Δ chosen %.3f, greedy %.2f%n",
                recipe.label,
                seed,
                Column.DELTA_CHOSEN.of(lines.getLast()),
                Column.GREEDY.of(lines.getLast()));
        return lines;
    }

    private static void forget(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void everyRunStartsFromTheSameModel() {
        assertThat(starts.stream().map(Column.GREEDY::of).distinct()).hasSize(1);
        assertThat(starts.stream().map(Column.CHOSEN::of).distinct()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void simpoUnlearnsTheChosenAnswerAndTheForm(int seed) {
        assertThat(end(Recipe.SIMPO, seed, Column.DELTA_CHOSEN)).isLessThan(-0.20);
        assertThat(end(Recipe.SIMPO, seed, Column.FORM)).isLessThan(0.45);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void dpoUnlearnsTheChosenAnswerAndTheForm(int seed) {
        assertThat(end(Recipe.DPO, seed, Column.DELTA_CHOSEN)).isLessThan(-0.08);
        assertThat(end(Recipe.DPO, seed, Column.FORM)).isLessThan(0.6);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void slimeStaysIntact(int seed) {
        assertThat(end(Recipe.SLIME, seed, Column.DELTA_CHOSEN)).isGreaterThan(-0.12);
        assertThat(end(Recipe.SLIME, seed, Column.GREEDY)).isGreaterThan(7.7);
        assertThat(end(Recipe.SLIME, seed, Column.MINIMUM)).isGreaterThan(-12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void withoutItsStabiliserSlimeBreaks(int seed) {
        assertThat(end(Recipe.SLIME_WITHOUT_STABILISER, seed, Column.BELOW)).isGreaterThan(0.04);
        assertThat(end(Recipe.SLIME_WITHOUT_STABILISER, seed, Column.GREEDY))
                .isLessThanOrEqualTo(end(Recipe.SLIME, seed, Column.GREEDY) - 1.5);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aLargerExponentShortensTheTail(int seed) {
        assertThat(
                        List.of(
                                end(Recipe.SLIME_P1, seed, Column.P01),
                                end(Recipe.SLIME_P15, seed, Column.P01),
                                end(Recipe.SLIME_P2, seed, Column.P01),
                                end(Recipe.SLIME, seed, Column.P01)))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void moreSftRaisesTheChosenAnswer(int seed) {
        assertThat(end(Recipe.MORE_SFT, seed, Column.DELTA_CHOSEN)).isPositive();
        assertThat(end(Recipe.MORE_SFT, seed, Column.GREEDY))
                .isGreaterThanOrEqualTo(Column.GREEDY.of(starts.getFirst()));
    }

    private double end(Recipe recipe, int seed, Column column) {
        return column.of(ends.getOrDefault(recipe, List.of()).get(SEEDS.indexOf(seed)));
    }

    private String table() {
        StringBuilder text = new StringBuilder("| run |");
        for (Column column : Column.values()) {
            text.append(' ').append(column.title).append(" |");
        }
        text.append("\n|---|").append("---|".repeat(Column.values().length)).append('\n');
        text.append(row("start", starts.subList(0, 1)));
        ends.forEach((recipe, lines) -> text.append(row(recipe.label, lines)));
        return text.toString();
    }

    private static String row(String label, List<JsonNode> lines) {
        StringBuilder text = new StringBuilder("| " + label + " |");
        for (Column column : Column.values()) {
            double[] values = lines.stream().mapToDouble(column::of).toArray();
            double mean = Arrays.stream(values).average().orElseThrow();
            text.append(' ').append(String.format(Locale.ROOT, "%." + column.digits + "f", mean));
            if (values.length > 1) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                " ± %." + column.digits + "f",
                                standardDeviation(values, mean)));
            }
            text.append(" |");
        }
        return text.append('\n').toString();
    }

    /// Of a sample: over n − 1.
    private static double standardDeviation(double[] values, double mean) {
        double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
