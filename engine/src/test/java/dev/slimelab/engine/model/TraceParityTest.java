package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Whole optimiser steps against recorded ones of TRL 1.13.0 and trl-slime (see the traces'
/// versions).
class TraceParityTest {
    private record Trace(Path folder, JsonNode json, List<Row> rows) {
        static Trace read(String name) {
            Path folder = SharedFolder.path("parity/traces/" + name);
            try (Safetensors batch = Safetensors.open(folder.resolve("batch.safetensors"))) {
                int[][] prompts = real(batch, "split.prompt");
                int[][] chosen = real(batch, "split.chosen");
                int[][] rejected = real(batch, "split.rejected");
                List<Row> rows = new ArrayList<>();
                for (int i = 0; i < prompts.length; i++) {
                    rows.add(Row.of(prompts[i], chosen[i], rejected[i]));
                }
                JsonNode json = JsonMapper.shared().readTree(folder.resolve("trace.json"));
                return new Trace(folder, json, rows);
            }
        }

        private static int[][] real(Safetensors batch, String part) {
            int[][] ids = ParityTest.ints(batch, part + "_input_ids");
            int[][] mask = ParityTest.ints(batch, part + "_attention_mask");
            int[][] rows = new int[ids.length][];
            for (int r = 0; r < ids.length; r++) {
                int[] row = ids[r];
                int[] keep = mask[r];
                rows[r] =
                        java.util.stream.IntStream.range(0, row.length)
                                .filter(i -> keep[i] == 1)
                                .map(i -> row[i])
                                .toArray();
            }
            return rows;
        }

        JsonNode step(int index) {
            return json.get("float32").get(index);
        }

        Path path(String key) {
            return folder.resolve(json.get(key).asString());
        }
    }

    /// The sigmoid loss of DPO with beta 0.1: c is -beta * sigmoid(-beta * (margin - reference's
    /// margin)) / pairs for chosen tokens, and the opposite for rejected ones.
    @Test
    void fiveStepsOfDpoAreThoseOfTrl() {
        Trace trace = Trace.read("dpo");
        try (LanguageModel base = open(trace);
                Lora lora = Lora.load(base, trace.path("adapter_start"));
                AdamW optimizer = new AdamW(base.with(lora), AdamW.Settings.standard())) {
            LanguageModel model = base.with(lora);
            double[][][] reference;
            try (Pass pass = model.forward(trace.rows, PassOptions.reference())) {
                reference = pass.logps();
            }
            int pairs = trace.rows.size();
            for (int step = 0; step < 5; step++) {
                JsonNode expected = trace.step(step);
                optimizer.zeroGradients();
                try (Pass pass = model.forward(trace.rows, PassOptions.training())) {
                    double[][][] c = pass.logps();
                    double loss = 0;
                    for (int r = 0; r < pairs; r++) {
                        double gap = sum(c[r][0]) - sum(c[r][1]);
                        double z = 0.1 * (gap - sum(reference[r][0]) + sum(reference[r][1]));
                        loss += Math.log1p(Math.exp(-z)) / pairs;
                        double slope = 0.1 / (1 + Math.exp(z)) / pairs;
                        Arrays.fill(c[r][0], -slope);
                        Arrays.fill(c[r][1], slope);
                    }
                    assertDpoMetrics(expected, pass);
                    close(expected, "loss", loss);
                    pass.backward(c);
                }
                close(expected, "grad_norm", optimizer.gradNorm());
                if (step == 0) {
                    assertGradients(trace, lora);
                }
                optimizer.step(expected.get("learning_rate").asDouble());
            }
            assertWeights(trace, lora);
        }
    }

    private static void assertDpoMetrics(JsonNode expected, Pass pass) {
        double[][][] logps = pass.logps();
        TokenStatistics statistics = pass.statistics();
        close(expected, "logps/chosen", mean(logps, 0, TraceParityTest::sum));
        close(expected, "logps/rejected", mean(logps, 1, TraceParityTest::sum));
        close(expected, "logits/chosen", tokenMean(statistics.meanLogit(), 0));
        close(expected, "logits/rejected", tokenMean(statistics.meanLogit(), 1));
        close(expected, "entropy", tokenMean(statistics.entropy(), 0, 1));
        close(expected, "mean_token_accuracy", tokenMean(statistics.likeliest(), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"slime_warm", "slime_b0", "slime_clip"})
    void logpsAndLogitsOfSlimeAreThoseOfTheReference(String name) {
        Trace trace = Trace.read(name);
        try (LanguageModel base = open(trace);
                Lora lora = Lora.load(base, trace.path("adapter_start"));
                Pass pass = base.with(lora).forward(trace.rows, PassOptions.training())) {
            JsonNode expected = trace.step(0);
            double[][][] logps = pass.logps();
            double[][][] logits = pass.statistics().meanLogitAtToken();
            close(expected, "logps/chosen", mean(logps, 0, TraceParityTest::tokenAverage));
            close(expected, "logps/rejected", mean(logps, 1, TraceParityTest::tokenAverage));
            close(expected, "logits/chosen", tokenMean(logits, 0));
            close(expected, "logits/rejected", tokenMean(logits, 1));
        }
    }

    /// CPOTrainer averages over every position of the padded batch.
    @Test
    void logitsOfSimpoIncludePromptAndPadding() {
        Trace trace = Trace.read("simpo");
        try (LanguageModel base = open(trace);
                Lora lora = Lora.load(base, trace.path("adapter_start"));
                Safetensors batch = Safetensors.open(trace.folder.resolve("batch.safetensors"))) {
            int[][] ids = ParityTest.ints(batch, "cat.input_ids");
            int[][] mask = ParityTest.ints(batch, "cat.attention_mask");
            boolean[][] real = new boolean[ids.length][ids[0].length];
            for (int r = 0; r < ids.length; r++) {
                for (int i = 0; i < ids[r].length; i++) {
                    real[r][i] = mask[r][i] == 1;
                }
            }
            double[][][] logits =
                    PaddedLogits.of(base.with(lora), PassOptions.Adapter.ON, ids, real);
            int half = ids.length / 2;
            JsonNode expected = trace.step(0);
            close(expected, "logits/chosen", meanOf(logits, 0, half));
            close(expected, "logits/rejected", meanOf(logits, half, ids.length));
        }
    }

    private static double meanOf(double[][][] logits, int from, int to) {
        return Arrays.stream(logits, from, to)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .average()
                .orElseThrow();
    }

    private static LanguageModel open(Trace trace) {
        return LanguageModel.open(
                Fixtures.TORCH,
                trace.path("base_model"),
                Precision.FLOAT32,
                LanguageModel.Training.FROZEN);
    }

    private static void assertGradients(Trace trace, Lora lora) {
        try (Safetensors file = Safetensors.open(trace.folder.resolve("grads_step0.safetensors"))) {
            for (Parameter parameter : lora.parameters()) {
                assertClose(
                        parameter.gradient().toFloatArray(),
                        ParityTest.floats(file, parameter.name()),
                        Tolerances.STEP);
            }
        }
    }

    private static void assertWeights(Trace trace, Lora lora) {
        try (Safetensors file =
                Safetensors.open(trace.folder.resolve("adapter_final/adapter_model.safetensors"))) {
            for (Parameter parameter : lora.parameters()) {
                assertClose(
                        parameter.value().toFloatArray(),
                        ParityTest.floats(file, parameter.name()),
                        Tolerances.STEP);
            }
        }
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    private static void close(JsonNode expected, String key, double actual) {
        assertThat(actual)
                .as(key)
                .isCloseTo(
                        expected.get(key).asDouble(),
                        Percentage.withPercentage(100 * Tolerances.STEP));
    }

    private static double mean(double[][][] values, int half, ToDoubleFunction<double[]> score) {
        return Arrays.stream(values)
                .mapToDouble(row -> score.applyAsDouble(row[half]))
                .average()
                .orElseThrow();
    }

    private static double tokenMean(double[][][] values, int... halves) {
        return Arrays.stream(values)
                .flatMap(row -> Arrays.stream(halves).mapToObj(half -> row[half]))
                .flatMapToDouble(Arrays::stream)
                .average()
                .orElseThrow();
    }

    private static double tokenAverage(double[] values) {
        return sum(values) / values.length;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }
}
