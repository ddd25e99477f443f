package dev.slimelab.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.kernel.Precision;
import dev.slimelab.engine.model.LanguageModel.Training;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Models as others save them: split into several files, and inside multimodal checkpoints.
class WeightFilesTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<Row> ROWS =
            List.of(Row.of(new int[] {1, 4, 7}, new int[] {8, 9, 2}, new int[] {8, 30}));

    @TempDir Path folder;
    private Path split = Path.of("");
    private double[][][] expected = {};

    @BeforeEach
    void splitAModel() throws IOException {
        split = folder.resolve("split");
        ModelConfig gemma = Fixtures.families().toList().getLast();
        try (LanguageModel model =
                LanguageModel.initialize(
                        Fixtures.TORCH,
                        gemma,
                        new Initialization(3, Initialization.Residual.PLAIN),
                        Precision.FLOAT32,
                        Training.FULL)) {
            model.save(folder.resolve("whole"));
            expected = logps(model);
        }
        Files.createDirectories(split);
        Files.copy(folder.resolve("whole/config.json"), split.resolve("config.json"));
        save(split, UnaryOperator.identity(), Map.of());
    }

    @Test
    void aModelInSeveralFilesIsTheModelInOne() {
        assertThat(open(split)).isDeepEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"language_model.model.", "model.language_model."})
    void theTextHalfOfAMultimodalCheckpointIsTheTextModel(String prefix) throws IOException {
        Path whole = folder.resolve("multimodal");
        Files.createDirectories(whole);
        ObjectNode config = JSON.createObjectNode().put("model_type", "gemma3");
        config.set("text_config", JSON.readTree(split.resolve("config.json")));
        Files.writeString(whole.resolve("config.json"), config.toString());
        var vision = new Safetensors.Content("F32", List.of(1L), ByteBuffer.allocate(Float.BYTES));
        save(
                whole,
                name -> name.replaceFirst("^model\\.", prefix),
                Map.of("vision_tower.embedding.weight", vision));
        assertThat(open(whole)).isDeepEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "part-1.safetensors | part-3.safetensors | names part-3.safetensors, which is no file beside it",
                "part-1.safetensors | ../whole/model.safetensors | which is no file beside it",
                "model.norm.weight | model.norm.wait | says that tensor model.norm.wait is in part",
                "weight_map | weights | has no weight_map",
                "{ | [ | is no valid JSON",
            })
    void anIndexThatDoesNotFitIsRefused(String what, String by, String message) throws IOException {
        String text = Files.readString(split.resolve(INDEX));
        assertThat(text).contains(what);
        Files.writeString(split.resolve(INDEX), text.replace(what, by));
        assertThatThrownBy(() -> open(split))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    @Test
    void aTensorInTwoFilesIsRefused() throws IOException {
        var index = (ObjectNode) JSON.readTree(split.resolve(INDEX));
        Files.copy(split.resolve("part-0.safetensors"), split.resolve("part-3.safetensors"));
        ((ObjectNode) index.get("weight_map")).put("other", "part-3.safetensors");
        Files.writeString(split.resolve(INDEX), index.toString());
        assertThatThrownBy(() -> open(split))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("two of its files hold tensor");
    }

    /// Writes the whole model's tensors in turn into two files, and their index.
    private void save(
            Path into, UnaryOperator<String> rename, Map<String, Safetensors.Content> more) {
        ObjectNode index = JSON.createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        List<Map<String, Safetensors.Content>> parts =
                List.of(new LinkedHashMap<>(more), new LinkedHashMap<>());
        more.keySet().forEach(name -> map.put(name, "part-0.safetensors"));
        try (Safetensors file = Safetensors.open(folder.resolve("whole/model.safetensors"))) {
            int turn = 0;
            for (String name : file.names()) {
                Safetensors.Entry entry = file.entry(name);
                parts.get(turn % 2)
                        .put(
                                rename.apply(name),
                                new Safetensors.Content(
                                        entry.type(), entry.shape(), file.bytes(name)));
                map.put(rename.apply(name), "part-%d.safetensors".formatted(turn % 2));
                turn++;
            }
            for (int part = 0; part < parts.size(); part++) {
                Safetensors.write(
                        into.resolve("part-%d.safetensors".formatted(part)),
                        parts.get(part),
                        Map.of());
            }
            Files.writeString(into.resolve(INDEX), index.toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double[][][] open(Path folder) {
        try (LanguageModel model =
                LanguageModel.open(Fixtures.TORCH, folder, Precision.FLOAT32, Training.FROZEN)) {
            return logps(model);
        }
    }

    private static double[][][] logps(LanguageModel model) {
        try (Pass pass = model.forward(ROWS, PassOptions.evaluation())) {
            return pass.logps();
        }
    }
}
