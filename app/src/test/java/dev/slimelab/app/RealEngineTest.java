package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.data.Account;
import dev.slimelab.app.data.DataViewModel;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.ModifyViewModel;
import dev.slimelab.app.window.BuiltIn;
import dev.slimelab.app.window.Installation;
import dev.slimelab.app.window.Opening;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.event.ActionEvent;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

import tools.jackson.databind.node.ObjectNode;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A person at the real window, with the real engine on the built-in model.
public final class RealEngineTest {
    private static final Path ENGINE = Path.of("..", "engine", "target");
    private static final Path ASSETS = Path.of("..", "assets");

    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."), "");

    @BeforeEach
    void openTheWindow() throws Exception {
        window = on(folder, engineClasspath());
        window.open();
    }

    @AfterEach
    void endEngines() throws Exception {
        window.close();
        window.endEngines();
    }

    @Test
    void aRunIsComposedWatchedPausedResumedAndStopped() throws IOException {
        compose("p2", "2", "600");
        assertThat(window.current().name()).isEqualTo("p2");
        RunSpec frozen = directory().readSpec();
        assertThat(frozen.objective().stabiliser())
                .isInstanceOfSatisfying(
                        Stabiliser.SoftplusPower.class,
                        stabiliser -> assertThat(stabiliser.p()).isEqualTo(2));
        assertThat(frozen.optimization().maxSteps()).isEqualTo(600);
        assertThat(frozen.threads()).isEqualTo(1);
        until(() -> window.points() > 2);
        int early = window.points();
        until(() -> window.points() > early);

        window.robot().clickOn("#pause");
        until(() -> window.phase() == RunPhase.PAUSED);
        long written = stepsWritten();
        until(() -> window.points() == written);
        Instant paused = heartbeat();
        until(() -> heartbeat().isAfter(paused.plusSeconds(2))); // a working engine had gone on
        assertThat(stepsWritten()).isEqualTo(written);
        assertThat(window.points()).isEqualTo((int) written);

        window.robot().clickOn("#pause");
        until(() -> window.points() > written);
        window.robot().clickOn("#stop");
        until(() -> window.phase() == RunPhase.STOPPED);
        assertThat(directory().model().resolve("model.safetensors")).isNotEmptyFile();
        long all = stepsWritten();
        until(() -> window.points() == all);
    }

    @Test
    void aRunIsChangedWhileItGoesOnSavedAndForked() {
        compose("parent", "2", "600");
        until(() -> window.points() > 2);
        window.robot().type(KeyCode.M);
        TextField weight = window.robot().lookup("#live-objective-anchor-weight").query();
        until(() -> !weight.isDisabled());
        window.robot().interact(() -> weight.setText("0.3"));
        window.robot().interact(() -> weight.fireEvent(new ActionEvent()));
        ModifyViewModel modify = window.model().live().modify();
        until(
                () ->
                        modify.history().get().stream()
                                .anyMatch(event -> event.sentence().contains("0.1 → 0.3")));
        until(() -> window.model().live().home().figure().get().marks().size() == 1);
        assertThat(modify.problem().get()).isNull();

        window.robot().interact(() -> weight.setText("-1"));
        window.robot().interact(() -> weight.fireEvent(new ActionEvent()));
        until(() -> modify.problem().get() != null);
        assertThat(window.robot().lookup("#modifyProblem").queryLabeled().getText())
                .contains("weight is -1");

        window.robot().interact(() -> window.button("#checkpointNow").fire());
        until(() -> !modify.checkpoints().get().isEmpty());
        int from = modify.checkpoints().get().getLast();
        window.robot().interact(() -> modify.fork(List.of("objective.stabiliser.p=3")));
        until(() -> window.current().name().equals("parent-fork-" + from));
        until(() -> window.phase() == RunPhase.TRAINING);
        until(() -> window.points() > from);
        RunSpec forked = Objects.requireNonNull(window.current().spec());
        assertThat(SpecJson.number(forked, "objective.stabiliser.p")).isEqualTo(3);
        assertThat(SpecJson.number(forked, "objective.anchor.weight")).isEqualTo(0.3);

        window.robot().interact(() -> modify.fork(List.of("seeds.order=5")));
        until(() -> modify.problem().get() != null);
        assertThat(Objects.requireNonNull(modify.problem().get()).what())
                .contains("A fork cannot change seeds.order");
    }

    @Test
    void aKilledEngineIsLostWithinTenSecondsAndItsMetricsAreKept() throws IOException {
        compose("killed", "2", "600");
        until(() -> window.points() > 2);
        RunStatus status = Objects.requireNonNull(window.current().status());
        long killed = System.nanoTime();
        ProcessHandle.of(status.pid()).orElseThrow().destroyForcibly();
        until(() -> window.phase() == RunPhase.LOST);
        assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(10));
        long written = stepsWritten();
        until(() -> window.points() == written);
        until(() -> window.robot().lookup("#trouble").query().isVisible());

        window.robot().clickOn("#resume");
        until(() -> window.phase() == RunPhase.TRAINING);
        until(() -> !window.robot().lookup("#trouble").query().isVisible());
        window.robot().clickOn("#stop");
        until(() -> window.phase() == RunPhase.STOPPED);
    }

    @Test
    void trainingFinishesWithoutTheWindowAndTheNextOneShowsItsWholeCurve() throws Exception {
        compose("detached", "3", "120");
        until(() -> window.points() > 2);
        RunDirectory run = directory();
        window.close();
        long seen = stepsWritten(run);
        until(() -> stepsWritten(run) > seen + 2);
        window.open();
        until(() -> window.phase() == RunPhase.TRAINING || window.phase() == RunPhase.FINISHED);
        assertThat(window.current().name()).isEqualTo("detached");
        until(() -> window.phase() == RunPhase.FINISHED);
        until(() -> window.points() == 120);
        assertThat(stepsWritten(run)).isEqualTo(120);
    }

    @Test
    void aFileIsInspectedLeafedThroughAndUsed() throws Exception {
        String same = "{\"ask\": \"Add.\", \"good\": \" 3\", \"bad\": \" 3\"}\n";
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            rows.append("{\"ask\": \"Add %d.\", \"good\": \" 3\", \"bad\": \" 4\"}\n".formatted(i));
        }
        Path file = Files.writeString(folder.resolve("pairs.jsonl"), rows + same);
        FxRobot robot = window.robot();
        robot.clickOn("#pageData");
        write("#dataPath", file.toString());
        robot.clickOn("#inspect");
        DataViewModel data = window.model().data();
        until(() -> data.face().get() == DataViewModel.Face.LOADED);
        assertThat(Objects.requireNonNull(data.problem().get()).remedy())
                .contains("data.columns.chosen=good");
        until(() -> !robot.lookup("#recognised").queryAll().isEmpty());
        assertThat(robot.lookup("#recognised").queryLabeled().getText())
                .isEqualTo("JSON lines, in no format that is known.");

        robot.interact(() -> robot.lookup("#columns").queryAs(TitledPane.class).setExpanded(true));
        write("#column-prompt", "ask");
        write("#column-chosen", "good");
        write("#column-rejected", "bad");
        robot.clickOn("#inspect");
        until(() -> data.account().get() != null && data.leaf().get() != null);
        Account account = Objects.requireNonNull(data.account().get());
        assertThat(data.problem().get()).isNull();
        assertThat(robot.lookup("#recognised").queryLabeled().getText()).startsWith("Read as ");
        assertThat(account.kept()).isEqualTo(6);
        assertThat(account.dropped()).isEqualTo(1);
        assertThat(shownRows(data)).containsExactly(1, 2, 3, 4);

        robot.interact(() -> window.button("#nextRows").fire());
        until(() -> shownRows(data).equals(List.of(5, 6, 7)));
        robot.interact(() -> data.only().set("chosen_equals_rejected"));
        until(() -> shownRows(data).equals(List.of(7)));

        robot.clickOn("#useData");
        RunSpec draft = Objects.requireNonNull(window.model().composer().spec().get());
        assertThat(draft.data().path()).isEqualTo(file.toString());
        assertThat(Objects.requireNonNull(draft.data().columns()).given())
                .containsEntry("chosen", "good");
    }

    private static List<Integer> shownRows(DataViewModel data) {
        DataViewModel.Leaf leaf = data.leaf().get();
        return leaf == null
                ? List.of()
                : leaf.rows().stream().map(row -> row.row().number()).toList();
    }

    private void write(String field, String text) {
        window.robot()
                .interact(() -> window.robot().lookup(field).queryTextInputControl().setText(text));
    }

    /// From the empty window to a run that trains.
    private void compose(String name, String p, String steps) {
        window.robot().clickOn("#newRun");
        window.type("name", name);
        window.type("objective.stabiliser.p", p);
        window.type("optimization.maxSteps", steps);
        window.type("threads", "1");
        window.robot().clickOn("#startDraft");
        until(() -> window.phase() == RunPhase.TRAINING);
    }

    private RunDirectory directory() {
        return window.current().directory();
    }

    private Instant heartbeat() {
        return Objects.requireNonNull(window.current().status()).heartbeat();
    }

    private long stepsWritten() throws IOException {
        return stepsWritten(directory());
    }

    /// Counts the training steps on disk; the line of step 0 has measurements only.
    private static long stepsWritten(RunDirectory run) throws IOException {
        return Files.readAllLines(run.metrics()).stream()
                .filter(line -> line.contains("\"logps_mean/chosen\"") && line.endsWith("}"))
                .count();
    }

    static TestWindow on(Path folder, String classpath) {
        EngineProcess engines =
                new EngineProcess(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        classpath,
                        "dev.slimelab.engine.Main",
                        folder.resolve("runs"));
        return new TestWindow(folder, engines, quickRun(folder));
    }

    /// The run on the built-in model, in small batches and measured on few pairs.
    private static RunSpec quickRun(Path folder) {
        RunSpec builtIn =
                BuiltIn.in(new Installation(folder, folder.resolve("none"), ASSETS, Opening.LATEST))
                        .run();
        ObjectNode tree = SpecJson.toTree(builtIn);
        ((ObjectNode) tree.get("optimization")).put("batchPairs", 4).put("microBatchPairs", 4);
        ((ObjectNode) tree.get("data")).put("pairs", 400);
        ((ObjectNode) tree.get("evaluation"))
                .put("everySteps", 50)
                .put("probePairs", 8)
                .put("samplePrompts", 0)
                .put("scoredPrompts", 0);
        return SpecJson.fromTree(tree);
    }

    /// What a command of the real engine answers.
    static String engine(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                engineClasspath(),
                                "dev.slimelab.engine.Main"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }

    /// The built engine with what it needs.
    public static String engineClasspath() throws IOException {
        Path classes = ENGINE.resolve("classes").toAbsolutePath().normalize();
        Path libraries = ENGINE.resolve("classpath.txt");
        assertThat(libraries)
                .as("the engine's class path; build the engine with the app: ./mvnw verify")
                .isNotEmptyFile();
        assertThat(classes).isNotEmptyDirectory();
        return classes + File.pathSeparator + Files.readString(libraries).strip();
    }
}
