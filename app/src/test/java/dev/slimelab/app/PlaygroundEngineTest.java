package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.data.Account;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.playground.PlayColumn;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.app.token.TokenPicture.Cell;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A person at the playground, with the real engine on the built-in model: the state of a run after
/// each of two large steps.
class PlaygroundEngineTest {
    private static final Path TINY = Path.of("..", "assets", "tiny").toAbsolutePath().normalize();

    /// What one float32 sum in another order changes.
    private static final Offset<Double> LOGPROB = Offset.offset(1e-4);

    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."), "");

    @BeforeEach
    void trainARunAndOpenTheWindow() throws Exception {
        Path spec = folder.resolve("spec.json");
        Files.writeString(
                spec,
                """
                {"name": "played",
                 "model": {"path": "%s"},
                 "data": {"format": "tiny-lab", "pairs": 40},
                 "objective": "simpo",
                 "adapter": {"kind": "lora", "r": 4, "alpha": 32},
                 "optimization": {"learningRate": 3e-3, "maxSteps": 2, "batchPairs": 4, "microBatchPairs": 4},
                 "evaluation": {"everySteps": 2, "probePairs": 0, "samplePrompts": 2},
                 "checkpoint": {"everySteps": 1}}
                """
                        .formatted(TINY.toString().replace('\\', '/')));
        RealEngineTest.engine(
                "train", spec.toString(), "--run", folder.resolve("runs/played").toString());
        window = on(folder, RealEngineTest.engineClasspath());
        window.open();
    }

    @AfterEach
    void close() throws Exception {
        window.close();
    }

    private static TestWindow on(Path folder, String classpath) {
        return new TestWindow(
                folder,
                new EngineProcess(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        classpath,
                        "dev.slimelab.engine.Main",
                        folder.resolve("runs")),
                FakeRuns.spec("slime"));
    }

    @Test
    void checkpointsWriteWhatGenerateWritesAndAVoteTrains() throws Exception {
        window.robot().clickOn("#pagePlayground");
        until(() -> Objects.equals(column(1).choice().get().state(), ""));
        assertThat(column(0).choice().get().state()).isEqualTo("base");
        assertThat(model().prompts().get()).hasSize(2);
        String prompt = model().prompt().get();
        assertThat(prompt).isEqualTo(model().prompts().get().getFirst().text());
        assertThat(model().chat().get()).as("as the run reads it").isFalse();
        assertThat(prompt).startsWith("<|user|>").endsWith("<|bot|>");
        window.robot().interact(() -> model().choose(column(1), "step-000001"));
        window.robot().interact(() -> model().sampling().seed().set("5"));
        window.robot().clickOn("#generate");
        until(() -> model().ballot().get().winners().contains(true));

        JsonNode generated =
                JsonMapper.shared()
                        .readTree(
                                RealEngineTest.engine(
                                        "generate",
                                        folder.resolve("runs/played") + "@step-000001",
                                        "--prompt=" + prompt,
                                        "--seed=5",
                                        "--max-tokens=128",
                                        "--json"));
        assertThat(column(1).text()).isEqualTo(generated.at("/text").asString());
        assertThat(column(1).text()).isNotEqualTo(column(0).text());
        List<Cell> cells = cells(1);
        // generate tells its tokens one by one, the end token included
        assertThat(cells).hasSize(generated.at("/tokens").size());
        for (int i = 0; i < cells.size(); i++) {
            assertThat(cells.get(i).text())
                    .isEqualTo(generated.at("/tokens/" + i + "/token").asString());
            assertThat(cells.get(i).value())
                    .isCloseTo(generated.at("/tokens/" + i + "/logprob").asDouble(), LOGPROB);
        }

        window.robot().interact(() -> model().writer().set(1));
        until(() -> !cells(0).isEmpty() && cells(0).size() == cells.size());
        assertThat(cells(0)).extracting(Cell::text).isEqualTo(texts(cells));
        assertThat(cells(0)).extracting(Cell::value).isNotEqualTo(values(cells));

        window.robot().clickOn("#voteA");
        until(() -> model().ballot().get().hint().contains("1 pair"));
        window.robot().interact(() -> window.model().data().model().set(TINY.toString()));
        window.robot().clickOn("#inspectVotes");
        until(() -> window.model().data().account().get() != null);
        Account account = Objects.requireNonNull(window.model().data().account().get());
        assertThat(account.kept()).isEqualTo(1);
        assertThat(account.dropped()).isZero();

        Path spec = folder.resolve("votes.json");
        Files.writeString(
                spec,
                """
                {"name": "voted", "model": {"path": "%s"}, "data": {"path": "runs/votes.jsonl"},
                 "objective": "slime", "adapter": {"kind": "lora", "r": 4, "alpha": 8},
                 "optimization": {"maxSteps": 1, "batchPairs": 1, "microBatchPairs": 1},
                 "evaluation": {"probePairs": 0, "samplePrompts": 0}}
                """
                        .formatted(TINY.toString().replace('\\', '/')));
        RealEngineTest.engine(
                "train", spec.toString(), "--run", folder.resolve("voted").toString());
        assertThat(folder.resolve("voted/adapter/adapter_model.safetensors")).isNotEmptyFile();
    }

    private static List<String> texts(List<Cell> cells) {
        return cells.stream().map(Cell::text).toList();
    }

    private static List<Double> values(List<Cell> cells) {
        return cells.stream().map(Cell::value).toList();
    }

    private PlaygroundViewModel model() {
        return window.model().playground();
    }

    private PlayColumn column(int index) {
        return model().columns().get(index);
    }

    private List<Cell> cells(int index) {
        var picture = column(index).shown().get().picture();
        return picture == null ? List.of() : picture.answers().getFirst().cells();
    }
}
