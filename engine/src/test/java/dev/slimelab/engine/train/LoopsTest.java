package dev.slimelab.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.AdamW;
import dev.slimelab.engine.model.Fixtures;
import dev.slimelab.engine.model.Initialization;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.model.Lora;
import dev.slimelab.engine.model.LoraSettings;
import dev.slimelab.engine.model.Parameter;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Composition;
import dev.slimelab.engine.objective.Loop;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.PairLogps;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.run.RunDirectory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// What happens around the optimiser steps, each against a case computed by hand in float64.
class LoopsTest {
    private static final int VOCABULARY = 37;

    private final List<Example> batch = batch(new Random(5));
    @TempDir Path folder;

    /// G* after two steps: gradients from two passes of one row each, the steps taken in Java.
    @Test
    void innerStepsAreGradientDescentOnTheChosenAnswersThatLeavesNoTrace() {
        var loop = new Loop.InnerSft(2, 0.05);
        Objective objective = Composition.of(Preset.SPO_INNER.objective()).loop(loop).build();
        try (LanguageModel policy = full(3);
                LanguageModel byHand = full(3)) {
            for (int step = 0; step < loop.steps(); step++) {
                double[][] before = values(byHand);
                try (AdamW gradients = new AdamW(byHand, AdamW.Settings.standard())) {
                    gradients.zeroGradients();
                }
                for (Example example : batch) {
                    Row chosen = Row.of(example.row().prompt(), example.row().completions().get(0));
                    try (Pass pass = byHand.forward(List.of(chosen), PassOptions.training())) {
                        double[][][] c = pass.logps();
                        Arrays.fill(c[0][0], -1.0 / (batch.size() * c[0][0].length));
                        pass.backward(c);
                    }
                }
                List<Parameter> parameters = byHand.parameters();
                for (int i = 0; i < before.length; i++) {
                    double[] gradient = parameters.get(i).gradient().toDoubleArray();
                    for (int j = 0; j < gradient.length; j++) {
                        before[i][j] -= 0.05 * gradient[j];
                    }
                }
                set(parameters, before);
            }
            double nll = 0;
            for (double[] chosen : Passes.logps(byHand, batch, PassOptions.evaluation()).chosen()) {
                nll -= Arrays.stream(chosen).average().orElseThrow() / batch.size();
            }
            double[][] start = values(policy);

            double value = InnerSteps.value(policy, objective, loop, batch);

            assertThat(value).isCloseTo(nll, Tolerances.EXACT);
            assertThat(value).isLessThan(nll(policy));
            assertThat(values(policy)).isDeepEqualTo(start);
        }
    }

    private double nll(LanguageModel policy) {
        return Arrays.stream(Passes.logps(policy, batch, PassOptions.evaluation()).chosen())
                .mapToDouble(chosen -> -Arrays.stream(chosen).average().orElseThrow())
                .average()
                .orElseThrow();
    }

    @Test
    void aStepIsPenalisedByTheValueOfItsInnerSteps() {
        Objective objective = Preset.SPO_INNER.objective();
        try (LanguageModel policy = full(3);
                AdamW optimizer = new AdamW(policy, AdamW.Settings.standard())) {
            double best =
                    InnerSteps.value(policy, objective, (Loop.InnerSft) objective.loop(), batch);
            double nll = nll(policy);

            Map<String, Double> metrics =
                    step(policy, optimizer, new ReferenceLogps.None(), objective).take(batch, 1e-3);

            assertThat(metrics.get("spo/gstar")).isCloseTo(best, Tolerances.EXACT);
            assertThat(metrics.get("loss/regulariser")).isCloseTo(nll - best, Tolerances.EXACT);
        }
    }

    @Test
    void theReferenceOfFullFineTuningMovesEveryFewStepsPartOfTheWay() {
        try (LanguageModel policy = full(3)) {
            assertReferenceMoves(policy);
        }
    }

    @Test
    void theReferenceOfAnAdapterIsAnotherAdapter() {
        try (LanguageModel base = model(3, Training.FROZEN);
                Lora lora = Lora.create(base, LoraSettings.everywhere(2, 4), 1)) {
            assertReferenceMoves(base.with(lora));
        }
    }

    /// α = 0.6, τ = 2: after step 2 each number is 0.6 θ₂ + 0.4 θ₀, before that θ₀.
    private void assertReferenceMoves(LanguageModel policy) {
        Objective objective =
                Composition.of(Preset.TR_DPO.objective())
                        .loop(new Loop.ReferenceSync(0.6, 2))
                        .build();
        try (LanguageModel reference = policy.copy();
                AdamW optimizer = new AdamW(policy, AdamW.Settings.standard())) {
            OptimizerStep step =
                    step(policy, optimizer, new ReferenceLogps.Copy(reference), objective);
            double[][] start = values(policy);
            PairLogps before = Passes.logps(reference, batch, PassOptions.evaluation());

            step.take(batch, 1e-2);
            step.moveReference(1);
            assertThat(Passes.logps(reference, batch, PassOptions.evaluation()).chosen())
                    .isDeepEqualTo(before.chosen());
            step.take(batch, 1e-2);
            step.moveReference(2);

            double[][] moved = values(policy);
            for (int i = 0; i < start.length; i++) {
                for (int j = 0; j < start[i].length; j++) {
                    start[i][j] = 0.6 * moved[i][j] + 0.4 * start[i][j];
                }
            }
            double[][] referenceLogps =
                    Passes.logps(reference, batch, PassOptions.evaluation()).chosen();
            set(policy.parameters(), start);
            double[][] byHand = Passes.logps(policy, batch, PassOptions.evaluation()).chosen();
            for (int i = 0; i < byHand.length; i++) {
                assertThat(referenceLogps[i]).containsExactly(byHand[i], Tolerances.EXACT);
            }
        }
    }

    /// The reference moves at steps 2, 4 and 6; the checkpoint of step 3 knows where it was.
    @ParameterizedTest
    @ValueSource(strings = {"{\"kind\": \"lora\", \"r\": 2}", "{\"kind\": \"full\"}"})
    void aMovedReferenceIsPartOfTheCheckpoint(String adapter) throws InterruptedException {
        var spec =
                SmallRuns.spec(
                        folder,
                        "objective.preset=tr-dpo",
                        "objective.loop.everySteps=2",
                        "adapter=" + adapter,
                        "checkpoint.everySteps=3");
        Path parent = folder.resolve("parent");
        new TrainingRun(spec, parent, _ -> {}).run();

        RunDirectory child = new Fork(new RunDirectory(parent), 3, List.of()).make(null);
        TrainingRun.resume(child.path(), _ -> {}).run();

        assertThat(SmallRuns.lasting(child)).isEqualTo(SmallRuns.lasting(new RunDirectory(parent)));
        assertThat(SmallRuns.metrics(child).get(3).get("loss").doubleValue())
                .isNotEqualTo(Math.log(2));
    }

    /// The second run reads what the first one wrote, and a damaged file is computed again.
    @ParameterizedTest
    @ValueSource(strings = {"{\"kind\": \"lora\", \"r\": 2}", "{\"kind\": \"full\"}"})
    void referenceLogpsAreSharedByTheRunsOfAFolder(String adapter)
            throws InterruptedException, IOException {
        var spec =
                SmallRuns.spec(
                        folder,
                        "objective.preset=dpo",
                        "adapter=" + adapter,
                        "reference.cache=always",
                        "optimization.maxSteps=2");
        List<String> said = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            if (name.equals("third")) {
                try (Stream<Path> kept = Files.list(folder.resolve(".reference-logps"))) {
                    Path file = kept.toList().getFirst();
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[bytes.length - 1] ^= 1;
                    Files.write(file, bytes);
                }
            }
            new TrainingRun(spec, folder.resolve(name), said::add).run();
        }

        assertThat(said.stream().filter(each -> each.contains("reference log-probs")))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("Computing"),
                        second -> assertThat(second).startsWith("Took"),
                        third -> assertThat(third).startsWith("Computing"));
        var first = SmallRuns.lasting(new RunDirectory(folder.resolve("first")));
        for (String name : List.of("second", "third")) {
            assertThat(SmallRuns.lasting(new RunDirectory(folder.resolve(name)))).isEqualTo(first);
        }
    }

    private static OptimizerStep step(
            LanguageModel policy, AdamW optimizer, ReferenceLogps reference, Objective objective) {
        return new OptimizerStep(
                new Replicas(new ObjectiveInputs(policy, reference, new ObjectiveMemory(0))),
                optimizer,
                objective,
                2,
                0,
                null,
                0);
    }

    private static LanguageModel full(long seed) {
        return model(seed, Training.FULL);
    }

    private static LanguageModel model(long seed, Training training) {
        return LanguageModel.initialize(
                Fixtures.TORCH,
                Fixtures.tiny(false),
                new Initialization(seed, Initialization.Residual.PLAIN),
                Precision.FLOAT64,
                training);
    }

    private static double[][] values(LanguageModel model) {
        return model.parameters().stream()
                .map(parameter -> parameter.value().toDoubleArray())
                .toArray(double[][]::new);
    }

    private static void set(List<Parameter> parameters, double[][] values) {
        try (NDManager scope = Fixtures.TORCH.newScope()) {
            for (int i = 0; i < values.length; i++) {
                NDArray target = parameters.get(i).value();
                Fixtures.TORCH
                        .kernels()
                        .assign(scope, target, scope.create(values[i], target.getShape()));
            }
        }
    }

    private static List<Example> batch(Random random) {
        List<Example> batch = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            batch.add(
                    new Example(
                            i,
                            Row.of(
                                    Fixtures.tokens(random, 3, VOCABULARY),
                                    Fixtures.tokens(random, 2 + i, VOCABULARY),
                                    Fixtures.tokens(random, 5 - i, VOCABULARY))));
        }
        return batch;
    }
}
