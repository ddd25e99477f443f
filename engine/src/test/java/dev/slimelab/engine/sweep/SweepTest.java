package dev.slimelab.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.queue.Worker;
import dev.slimelab.engine.run.JsonLinesWriter;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Which runs a sweep makes, what it refuses, and how its stages follow each other.
class SweepTest {
    private static final String BASE =
            "{\"name\": \"b\", \"model\": {\"path\": \"m\"}, \"data\": {\"format\": \"tiny-lab\"}}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void aGridIsEveryCombinationForEverySeed() {
        List<Sweep.Planned> runs =
                sweep(
                                """
                                "grid": {"objective.stabiliser.p": [1, 2.5],
                                         "optimization.learningRate": {"from": 1e-5, "to": 1e-3, "points": 3, "scale": "logarithmic"}},
                                "seeds": [0, 7]""")
                        .plan(0, Sweep.START);
        assertThat(runs).hasSize(2 * 3 * 2);
        assertThat(runs.stream().map(run -> run.spec().optimization().learningRate()).distinct())
                .containsExactly(1e-5, 1e-4, 1e-3);
        Sweep.Planned second = runs.get(1);
        assertThat(second.folder()).isEqualTo("p-1-learningrate-1e-5-seed7");
        assertThat(second.point().label()).isEqualTo("p = 1, learningRate = 1e-5");
        assertThat(second.spec().seeds().order()).isEqualTo(7);
        assertThat(second.spec().seeds().initialization()).isEqualTo(7);
        assertThat(second.spec().data().seed()).isEqualTo(7);
        assertThat(second.spec().name()).isEqualTo(second.folder());
    }

    @Test
    void aStepReachesItsEnd() {
        assertThat(
                        sweep(
                                        "\"grid\": {\"objective.stabiliser.p\": {\"from\": 1, \"to\": 3, \"step\": 0.1}}")
                                .plan(0, Sweep.START)
                                .stream()
                                .map(run -> run.point().label()))
                .hasSize(21)
                .contains("p = 1.3", "p = 3");
    }

    @Test
    void randomPointsLieInTheirRangeAndAreTheSameEveryTime() {
        String text =
                """
                "grid": {"optimization.learningRate": {"from": 1e-6, "to": 1e-2, "scale": "logarithmic"},
                         "objective": ["slime", "dpo"]}, "random": {"points": 50, "seed": 3}""";
        List<RunSpec> specs = specs(sweep(text));
        assertThat(specs).hasSize(50);
        assertThat(specs.stream().map(spec -> spec.optimization().learningRate()))
                .allMatch(rate -> rate >= 1e-6 && rate <= 1e-2);
        assertThat(specs.stream().filter(spec -> spec.optimization().learningRate() < 1e-4).count())
                .isBetween(15L, 35L);
        assertThat(specs(sweep(text))).isEqualTo(specs);
        assertThat(specs(sweep(text.replace("\"seed\": 3", "\"seed\": 4")))).isNotEqualTo(specs);
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void everyTemplateIsASweepOfTheBuiltInModel(Template template) {
        RunSpec base = Template.builtIn(Path.of("..", "assets"));
        List<Sweep.Planned> runs = template.on(base).plan(0, Sweep.START);
        assertThat(runs.stream().map(Sweep.Planned::folder)).doesNotHaveDuplicates();
        assertThat(runs.stream().map(run -> run.spec().data().isTinyLab())).containsOnly(true);
    }

    @Test
    void tableFourLeavesOutOnePartEach() {
        List<Sweep.Planned> runs =
                Template.TABLE4.on(Template.builtIn(Path.of("assets"))).plan(0, Sweep.START);
        assertThat(runs.stream().map(run -> run.point().label()).distinct())
                .containsExactly(
                        "full",
                        "w/o chosen",
                        "w/o rejected",
                        "w/o soft",
                        "w/o hard (A)",
                        "w/o hard (B)");
        Map<String, List<String>> differences =
                Map.of(
                        "w/o chosen", List.of("objective.anchor"),
                        "w/o rejected", List.of("objective.stabiliser"),
                        "w/o soft", List.of("objective.contrast.soft"),
                        "w/o hard (A)", List.of("objective.contrast.hard"));
        for (Sweep.Planned run : runs) {
            List<String> parts = differences.get(run.point().label());
            if (parts != null && run.seed() == 0) {
                assertThat(
                                SpecJson.differences(List.of(runs.getFirst().spec(), run.spec()))
                                        .keySet()
                                        .stream()
                                        .filter(path -> !path.equals("name")))
                        .allMatch(path -> path.startsWith(parts.getFirst()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'grid': {'objective.stabilizer.p': [1]}       | test (p = 1): \"objective.stabilizer\" is not a setting. Did you mean \"objective.stabiliser.p\"?",
                "'grid': {'optimisation.learningRate': [1]}    | test (learningRate = 1): \"optimisation\" is not a setting. Did you mean \"optimization.learningRate\"?",
                "'gird': {}                                    | test: \"gird\" is not a key of a sweep. Did you mean \"grid\"? Known here: base, choose, grid, name, random, seedPaths, seeds, stages, variants.",
                "'grid': {'objective.stabiliser.p': 1}         | test: grid.objective.stabiliser.p is 1, but must be a list of values or a range. Write it as [1, 2, 3] or {\"from\": 1, \"to\": 3, \"step\": 0.5}.",
                "'grid': {'objective.stabiliser.p': {'from': 3, 'to': 1, 'step': 1}} | test: grid.objective.stabiliser.p goes from 3 to 1. Give a larger end.",
                "'grid': {'objective.stabiliser.p': {'from': 1, 'to': 3}} | test: grid.objective.stabiliser.p has neither step nor points. Add one of them, or \"random\": {\"points\": 20}.",
                "'grid': {'objective.stabiliser.p': {'form': 1, 'to': 3}} | test: grid.objective.stabiliser.p has \"form\", which is not part of a range. Did you mean \"from\"?",
                "'seeds': [0, 0]                               | test: seeds is [0,0], but must be different whole numbers. Write it as [0, 1, 2].",
                "'seeds': 'three'                              | test: seeds is \"three\", but must be different whole numbers. Write it as [0, 1, 2].",
                "'grid': {'objective': ['slim']}               | test (slim): objective is \"slim\", which is not known.",
                "'grid': {'optimization.learningRate': [-1]}   | test (learningRate = -1): optimization.learningRate is -1, but must be greater than 0.",
                "'stages': [{'grid': {}}, {'grid': {}}]        | test has stages, but does not say which row the next one starts from.",
            })
    void whatIsWrongIsRefusedInASentence(String text, String refusal) {
        assertThatThrownBy(() -> sweep(text.replace('\'', '"')))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith(refusal);
    }

    @Test
    void aSweepIsBegunOnceAndRefusesAnother() {
        SweepFolder sweeps = new SweepFolder(folder.resolve("s"));
        RunQueue queue = new RunQueue(sweeps.path());
        Sweep one = sweep("\"grid\": {\"objective.stabiliser.p\": [1, 2]}");
        sweeps.begin(one, queue, RunQueue.Settings.INITIAL);
        sweeps.begin(one, queue, RunQueue.Settings.INITIAL);
        assertThat(queue.entries()).hasSize(2);
        assertThat(sweeps.sweep().plan(0, Sweep.START)).hasSize(2);
        Sweep other = sweep("\"grid\": {\"objective.stabiliser.p\": [1, 3]}");
        assertThatThrownBy(() -> sweeps.begin(other, queue, RunQueue.Settings.INITIAL))
                .hasMessageContaining("holds another sweep");
        assertThat(queue.entries()).hasSize(2);
    }

    /// The second stage starts from the best learning rate of the first, which the fake score
    /// prefers near 1e-4, and the third from the best of the second.
    @Test
    void stagesFollowTheBestRow() throws InterruptedException {
        Sweep sweep =
                sweep(
                        """
                        "stages": [{"grid": {"optimization.learningRate": [1e-5, 1e-4, 1e-3]}},
                                   {"grid": {"objective.stabiliser.p": [1, 2, 3]}}],
                        "choose": {"metric": "score/greedy", "goal": "highest"}, "seeds": [0, 1]""");
        SweepFolder sweeps = new SweepFolder(folder.resolve("staged"));
        RunQueue queue = new RunQueue(sweeps.path());
        sweeps.begin(sweep, queue, RunQueue.Settings.INITIAL);
        assertThat(sweeps.advance(queue)).isFalse(); // the first stage has not ended
        work(queue);
        assertThat(sweeps.advance(queue)).isTrue();
        work(queue);
        assertThat(sweeps.advance(queue)).isFalse();
        assertThat(queue.entries()).hasSize(6 + 6).allMatch(e -> e.state() == Entry.State.FINISHED);
        assertThat(
                        sweeps.lines().stream()
                                .filter(line -> line.stage() == 1)
                                .map(line -> line.row()))
                .contains("learningRate = 1e-4, p = 2")
                .allMatch(row -> row.startsWith("learningRate = 1e-4, "));
    }

    private static void work(RunQueue queue) throws InterruptedException {
        new Worker(
                        queue,
                        new Worker.Engine() {
                            @Override
                            public RunStatus.State train(RunDirectory run) {
                                RunSpec spec = run.readSpec();
                                double rate = Math.log10(spec.optimization().learningRate());
                                try (var metrics = new JsonLinesWriter(run.metrics())) {
                                    metrics.append(
                                            Map.of("step", 1, "score/greedy", -Math.abs(rate + 4)));
                                }
                                new RunStatus(
                                                RunStatus.State.FINISHED,
                                                1,
                                                1,
                                                1,
                                                0.0,
                                                1,
                                                RunStatus.localHost(),
                                                Instant.now(),
                                                null)
                                        .write(run.status());
                                return RunStatus.State.FINISHED;
                            }

                            @Override
                            public void stop() {}
                        })
                .work();
    }

    private static List<RunSpec> specs(Sweep sweep) {
        return new ArrayList<>(
                sweep.plan(0, Sweep.START).stream().map(Sweep.Planned::spec).toList());
    }

    private Sweep sweep(String rest) {
        String text = "{\"base\": " + BASE + (rest.isEmpty() ? "" : ", " + rest) + "}";
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Sweep.of((ObjectNode) JsonMapper.shared().readTree(text), folder, "test");
    }
}
