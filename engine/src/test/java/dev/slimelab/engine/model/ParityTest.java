package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.Tolerances;
import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.PassOptions.Adapter;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Against transformers 5.18.0 and peft 0.21.0 on torch 2.13.0 (float32, CPU), recorded as files.
@Tag("gpu")
class ParityTest {
    private static final double TOLERANCE =
            Fixtures.TORCH.choice().gpus().isEmpty() ? Tolerances.LOGITS : Tolerances.GPU_LOGITS;

    @ParameterizedTest
    @FieldSource("dev.slimelab.engine.model.Fixtures#PARITY_MODELS")
    void logpsInBfloat16AreNearThoseOfTransformers(String name) {
        Path folder = SharedFolder.path("parity/models/" + name);
        try (LanguageModel model =
                        LanguageModel.open(
                                Fixtures.TORCH,
                                folder,
                                Precision.BFLOAT16,
                                LanguageModel.Training.FROZEN);
                Safetensors io = Safetensors.open(folder.resolve("io.safetensors"))) {
            Answers answers = answers(io, "right", "right.per_token_logps");
            double squares = 0;
            double distance = 0;
            try (Pass pass = model.forward(answers.rows, PassOptions.evaluation())) {
                double[][][] logps = pass.logps();
                for (int r = 0; r < logps.length; r++) {
                    for (int i = 0; i < logps[r][0].length; i++) {
                        double wanted = answers.logps.get(r)[i];
                        squares += wanted * wanted;
                        distance += Math.pow(logps[r][0][i] - wanted, 2);
                    }
                }
            }
            assertThat(Math.sqrt(distance / squares)).isLessThan(Tolerances.BFLOAT16_LOGPS);
        }
    }

    @ParameterizedTest
    @FieldSource("dev.slimelab.engine.model.Fixtures#PARITY_MODELS")
    void logitsAreThoseOfTransformers(String name) {
        Path folder = SharedFolder.path("parity/models/" + name);
        try (LanguageModel model = open(folder);
                Safetensors io = Safetensors.open(folder.resolve("io.safetensors"))) {
            assertLogits(model, io, "right.logits", Adapter.OFF);
        }
    }

    @ParameterizedTest
    @FieldSource("dev.slimelab.engine.model.Fixtures#PARITY_MODELS")
    void logitsWithAnAdapterAreThoseOfPeft(String name) {
        assertAdapter(name, "adapter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-untied", "qwen3-tied"})
    void rankStabilisedAdaptersScaleAsInPeft(String name) {
        assertAdapter(name, "adapter_rslora");
    }

    private static void assertAdapter(String name, String adapter) {
        Path folder = SharedFolder.path("parity/models/" + name);
        try (LanguageModel base = open(folder);
                Lora lora = Lora.load(base, folder.resolve(adapter));
                Safetensors io = Safetensors.open(folder.resolve("io.safetensors"))) {
            LanguageModel model = base.with(lora);
            assertLogits(model, io, adapter + ".logits", Adapter.ON);
            assertLogits(model, io, "right.logits", Adapter.OFF);
            assertLogps(model, io, "right", adapter + ".per_token_logps", PassOptions.evaluation());
        }
    }

    @ParameterizedTest
    @FieldSource("dev.slimelab.engine.model.Fixtures#PARITY_MODELS")
    void logpsAreThoseOfTransformersWhateverTheirPadding(String name) {
        Path folder = SharedFolder.path("parity/models/" + name);
        try (LanguageModel model = open(folder);
                Safetensors io = Safetensors.open(folder.resolve("io.safetensors"))) {
            for (String side : List.of("right", "left")) {
                assertLogps(model, io, side, side + ".per_token_logps", PassOptions.evaluation());
            }
        }
    }

    private static LanguageModel open(Path folder) {
        return LanguageModel.open(
                Fixtures.TORCH, folder, Precision.FLOAT32, LanguageModel.Training.FROZEN);
    }

    private static void assertLogits(
            LanguageModel model, Safetensors io, String tensor, Adapter adapter) {
        int[][] ids = ints(io, "right.input_ids");
        int[][] mask = ints(io, "right.attention_mask");
        boolean[][] real = new boolean[ids.length][ids[0].length];
        for (int r = 0; r < ids.length; r++) {
            for (int i = 0; i < ids[r].length; i++) {
                real[r][i] = mask[r][i] == 1;
            }
        }
        double[][][] logits = PaddedLogits.of(model, adapter, ids, real);
        float[] expected = floats(io, tensor);
        int vocabulary = model.config().vocabSize();
        double worst = 0;
        for (int r = 0; r < ids.length; r++) {
            for (int i = 0; i < ids[r].length; i++) {
                for (int v = 0; real[r][i] && v < vocabulary; v++) {
                    double want = expected[(r * ids[r].length + i) * vocabulary + v];
                    worst = Math.max(worst, Math.abs(logits[r][i][v] - want));
                }
            }
        }
        assertThat(worst).isLessThan(TOLERANCE);
    }

    private static void assertLogps(
            LanguageModel model, Safetensors io, String side, String tensor, PassOptions options) {
        Answers answers = answers(io, side, tensor);
        try (Pass pass = model.forward(answers.rows, options)) {
            double[][][] logps = pass.logps();
            for (int r = 0; r < logps.length; r++) {
                assertThat(logps[r][0]).containsExactly(answers.logps.get(r), within(TOLERANCE));
            }
        }
    }

    /// @param logps of each row's completion
    private record Answers(List<Row> rows, List<double[]> logps) {}

    /// Rows without their padding; the completion starts where the completion mask does.
    private static Answers answers(Safetensors io, String side, String tensor) {
        int[][] ids = ints(io, side + ".input_ids");
        int[][] mask = ints(io, side + ".attention_mask");
        int[][] completion = ints(io, side + ".completion_mask");
        float[] expected = floats(io, tensor);
        int length = ids[0].length;
        List<Row> rows = new ArrayList<>();
        List<double[]> wanted = new ArrayList<>();
        for (int r = 0; r < ids.length; r++) {
            var prompt = new ArrayList<Integer>();
            var answer = new ArrayList<Integer>();
            var logps = new ArrayList<Double>();
            for (int i = 0; i < length; i++) {
                if (completion[r][i] == 1) {
                    answer.add(ids[r][i]);
                    logps.add((double) expected[r * (length - 1) + i - 1]);
                } else if (mask[r][i] == 1) {
                    prompt.add(ids[r][i]);
                }
            }
            rows.add(Row.of(array(prompt), array(answer)));
            wanted.add(logps.stream().mapToDouble(Double::doubleValue).toArray());
        }
        return new Answers(rows, wanted);
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    static int[][] ints(Safetensors file, String name) {
        List<Long> shape = file.entry(name).shape();
        ByteBuffer bytes = file.bytes(name);
        int[][] values = new int[shape.get(0).intValue()][shape.get(1).intValue()];
        for (int[] row : values) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.toIntExact(bytes.getLong());
            }
        }
        return values;
    }

    static float[] floats(Safetensors file, String name) {
        ByteBuffer bytes = file.bytes(name);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }
}
