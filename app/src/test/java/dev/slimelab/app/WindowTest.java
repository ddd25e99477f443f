package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;
import static dev.slimelab.app.TestWindow.untilOnDisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.compose.ComposerViewModel;
import dev.slimelab.app.compose.Draft;
import dev.slimelab.app.library.RunItem;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.LiveViewModel;
import dev.slimelab.app.window.Opening;
import dev.slimelab.app.window.WindowViewModel;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A person at the real window, with engines that only count.
class WindowTest {
    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."));

    @BeforeEach
    void openTheWindow() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        window = on(folder);
        window.open();
    }

    private static TestWindow on(Path folder) {
        EngineProcess engines = FakeEngine.processes(folder.resolve("runs"));
        return new TestWindow(folder, engines, FakeRuns.spec("slime"));
    }

    @AfterEach
    void endEngines() throws Exception {
        window.close();
        window.endEngines();
    }

    @Test
    void theFirstStartComparesTheSamplesAndOffersOneTraining() {
        until(() -> window.model().list().shown().get().size() == FakeRuns.SAMPLES.size());
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        assertThat(window.button("#trainBuiltIn").isVisible()).isTrue();
        assertThat(window.button("#pause").isDisabled()).isTrue();
        assertThat(window.button("#stop").isDisabled()).isTrue();
    }

    @Test
    void aRunIsComposedStartedPausedResumedAndStopped() {
        FxRobot robot = window.robot();
        robot.clickOn("#newRun");
        window.type("name", "mine");
        robot.clickOn("#startDraft");
        until(() -> window.phase() == RunPhase.TRAINING);
        assertThat(window.current().name()).isEqualTo("mine");
        until(() -> window.points() > 5);

        robot.clickOn("#pause");
        until(
                () ->
                        window.phase() == RunPhase.PAUSED
                                && window.button("#pause").getText().equals("Resume"));
        int before = window.points();
        robot.clickOn("#pause");
        until(() -> window.points() > before);

        robot.clickOn("#stop");
        until(() -> window.phase() == RunPhase.STOPPED);
        until(() -> window.button("#stop").isDisabled());
    }

    @Test
    void realPairsAreMeasuredCancelledRefusedAndRemembered() throws Exception {
        FxRobot robot = window.robot();
        robot.clickOn("#newRun");
        window.type("name", "slow");
        until(() -> window.robot().lookup("#measure").tryQuery().isPresent());
        window.click("#measure");
        until(() -> window.robot().lookup("#cancelMeasuring").tryQuery().isPresent());
        window.click("#cancelMeasuring");
        until(() -> window.robot().lookup("#measure").tryQuery().isPresent());

        window.type("name", "refused");
        window.click("#measure");
        until(() -> texts("#evidence").contains("Correct model.path"));

        window.type("name", "mine");
        window.click("#measure");
        until(() -> texts("#evidence").contains("64 of 4"));
        assertThat(texts("#slot-objective-contrast")).doesNotContain("beyond");
        assertThat(texts("#composer")).contains("beyond the hard margin", "below −δ, raised");

        window.close();
        window.open();
        window.robot().interact(() -> window.model().newRun());
        until(() -> texts("#evidence").contains("64 of 4"));
        assertThat(window.model().composer().draft().get().text("name")).isEqualTo("mine");
    }

    /// All words inside a node.
    private String texts(String query) {
        return robotOf(query).stream()
                .map(node -> ((Label) node).getText())
                .collect(java.util.stream.Collectors.joining("\n"));
    }

    private java.util.Set<javafx.scene.Node> robotOf(String query) {
        return window.robot().lookup(query + " .label").match(Label.class::isInstance).queryAll();
    }

    @Test
    void trainingGoesOnWithoutTheWindowAndTheNextWindowFindsIt() throws Exception {
        window.robot().clickOn("#trainBuiltIn");
        until(() -> window.points() > 3);
        int before = window.points();
        window.close();
        window.open();
        until(() -> window.phase() == RunPhase.TRAINING || window.phase() == RunPhase.FINISHED);
        until(() -> window.points() > before);
        until(() -> window.phase() == RunPhase.FINISHED);
        until(() -> window.points() == 160);
    }

    @Test
    void aKilledEngineIsLostAndItsMetricsAreKept() {
        window.robot().clickOn("#trainBuiltIn");
        until(() -> window.points() > 3 && window.phase() == RunPhase.TRAINING);
        RunStatus status = Objects.requireNonNull(window.current().status());
        long killed = System.nanoTime();
        ProcessHandle.of(status.pid()).orElseThrow().destroyForcibly();
        until(() -> window.phase() == RunPhase.LOST);
        assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(10));
        until(() -> window.model().live().trouble().get() != null);
        assertThat(window.points()).isGreaterThan(3);
        assertThat(window.robot().lookup("#trouble").query().isVisible()).isTrue();
    }

    @Test
    void anInterruptedRunGoesOn() throws Exception {
        window.robot().clickOn("#trainBuiltIn");
        until(() -> window.points() > 3 && window.phase() == RunPhase.TRAINING);
        window.robot().clickOn("#stop");
        until(() -> window.phase() == RunPhase.STOPPED && window.model().pending().get() == null);
        int stopped = window.points();

        Path refuse = Files.createFile(window.current().directory().path().resolve("refuse"));
        until(() -> window.button("#pause").getText().equals("Resume"));
        window.robot().clickOn("#pause");
        until(() -> window.model().notice().get() != null);
        assertThat(Objects.requireNonNull(window.model().notice().get()).what())
                .contains("The data has changed since the run began.");

        Files.delete(refuse);
        window.robot().clickOn("#pause");
        until(() -> window.phase() == RunPhase.TRAINING);
        until(() -> window.points() > stopped);
        assertThat(window.button("#pause").getText()).isEqualTo("Pause");
    }

    @Test
    void aDemonstrationIsComparedAsItsRunsAppearUntilOneIsChosen() throws Exception {
        window.close();
        Path demo = folder.resolve("demo");
        window = on(demo);
        window.open(Opening.COMPARE_ALL);
        int number = 0;
        for (String name : FakeRuns.SAMPLES.keySet()) {
            FakeRuns.at(demo.resolve("runs/" + name), FakeRuns.spec(name), State.TRAINING, 30);
            int runs = ++number;
            until(() -> window.model().live().comparison().get().size() == runs);
            Figure figure = window.model().live().home().figure().get();
            assertThat(figure.title()).isEqualTo("Change of log-likelihood since step 0");
            assertThat(figure.curves()).hasSize(2 * runs);
        }
        assertThat(window.robot().lookup("#comparison").query().isVisible()).isTrue();
        assertThat(window.robot().lookup("#invitation").query().isVisible()).isFalse();

        window.clickOnWord("dpo");
        until(() -> window.model().current().get() != null);
        assertThat(window.current().name()).isEqualTo("dpo");
        FakeRuns.at(demo.resolve("runs/late"), FakeRuns.spec("slime"), State.TRAINING, 30);
        until(() -> window.model().list().rows().size() == FakeRuns.SAMPLES.size() + 1);
        assertThat(window.model().list().shown().get()).containsExactly(window.current().id());
    }

    @Test
    void theFigureIsExportedInTheFormatOfItsEnding() {
        until(() -> !window.model().live().home().figure().get().isEmpty());
        export("figure.svg");
        assertThat(folder.resolve("figure.svg")).content().contains("<svg", "nat per token");
        export("figure.png");
        assertThat(folder.resolve("figure.png")).isNotEmptyFile();
        window.robot().interact(() -> window.model().exportFigure(folder.resolve("figure.gif")));
        until(() -> window.model().notice().get() != null);
        assertThat(Objects.requireNonNull(window.model().notice().get()).remedy())
                .isEqualTo("End the name with .png, .svg, .pdf, .csv, .tex or .tfevents.");
        assertThat(folder.resolve("figure.gif")).doesNotExist();
    }

    private void export(String name) {
        window.robot().interact(() -> window.model().exportFigure(folder.resolve(name)));
        until(() -> window.model().news().get().contains(name));
        assertThat(window.robot().lookup("#notice").query().isVisible()).isTrue();
    }

    @Test
    void aPresetIsFoundByTypingAndChosenWithKeysAlone() {
        FxRobot robot = window.robot();
        robot.clickOn("#newRun").interact(() -> window.button("#preset").requestFocus());
        robot.type(KeyCode.DOWN).write("dpo").type(KeyCode.DOWN).type(KeyCode.UP);
        robot.type(KeyCode.ENTER);
        until(() -> window.model().composer().preset().get() == Preset.DPO);
        assertThat(robot.lookup("#presetSearch").query().getParent().isVisible()).isFalse();
    }

    @Test
    void partsThatDoNotFitCannotBeStarted() {
        FxRobot robot = window.robot();
        robot.clickOn("#newRun");
        ComboBox<String> transform =
                robot.lookup("#field-objective-transform .combo-box").queryComboBox();
        robot.interact(() -> transform.setValue("f-divergence"));
        assertThat(window.button("#startDraft").isDisabled()).isTrue();
        Label refusal = robot.lookup("#slot-objective-transform > .refusal").query();
        assertThat(refusal.isVisible()).isTrue();
        assertThat(refusal.getText()).contains("reference").contains("identity");
        ComboBox<String> reference =
                robot.lookup("#field-objective-reference .combo-box").queryComboBox();
        robot.interact(() -> reference.setValue("frozen"));
        assertThat(window.button("#startDraft").isDisabled()).isFalse();
    }

    /// Else the draft would be refused for a setting that nobody sees.
    @Test
    void aWrongSettingThatIsFoldedAwayIsUnfoldedAndStaysSo() {
        FxRobot robot = window.robot();
        robot.clickOn("#newRun");
        assertThat(robot.lookup("#field-optimization-weightDecay").tryQuery()).isEmpty();
        ComposerViewModel composer = window.model().composer();
        Draft right = composer.draft().get();
        ObjectNode wrong = right.with("optimization.weightDecay", DoubleNode.valueOf(-1)).tree();
        robot.interact(() -> composer.write(wrong));
        Node field = robot.lookup("#field-optimization-weightDecay").query();
        assertThat(field.lookup(".complaint").isVisible()).isTrue();
        robot.interact(composer::undo);
        assertThat(composer.draft().get()).isEqualTo(right);
        assertThat(field.getScene()).isNotNull();
        assertThat(field.lookup(".complaint").isVisible()).isFalse();
    }

    @Test
    void keysSwitchTheAppearanceFilterAndReachTheComposer() {
        FxRobot robot = window.robot();
        until(() -> window.model().list().loaded().get());
        var before = window.model().theme().get();
        robot.press(KeyCode.CONTROL).type(KeyCode.T).release(KeyCode.CONTROL);
        until(() -> window.model().theme().get() != before);
        robot.type(KeyCode.N);
        until(() -> window.model().side().get() == WindowViewModel.Side.COMPOSER);
        robot.type(KeyCode.SLASH).write("simpo");
        until(() -> window.model().list().rows().size() == 1);
    }

    @Test
    void digitsTurnPagesAndTheNextWindowOpensOnTheLast() throws Exception {
        until(() -> !window.model().live().home().figure().get().isEmpty());
        window.robot().type(KeyCode.DIGIT2);
        until(() -> window.robot().lookup("#overlay").tryQuery().isPresent());
        assertThat(window.robot().lookup("#home").tryQuery()).isEmpty();
        Path memory = folder.resolve("window.json");
        untilOnDisk(() -> Files.exists(memory) && Files.readString(memory).contains("Compare"));
        window.close();
        window.open();
        assertThat(window.robot().lookup("#overlay").tryQuery()).isPresent();
        window.robot().type(KeyCode.DIGIT1);
        until(() -> window.robot().lookup("#home").tryQuery().isPresent());
    }

    @Test
    void spacePressesTheButtonThatHasTheFocus() {
        FxRobot robot = window.robot();
        until(() -> window.model().list().loaded().get());
        robot.interact(() -> window.button("#appearance").requestFocus());
        var before = window.model().theme().get();
        robot.type(KeyCode.SPACE);
        until(() -> window.model().theme().get() != before);
    }

    @Test
    void aStepIsChosenAndItsTokensAreReadWithKeysAlone() {
        FxRobot robot = window.robot();
        FakeRuns.recorded(folder.resolve("runs/mine"), "simpo");
        until(() -> window.model().list().rows().size() == FakeRuns.SAMPLES.size() + 1);
        robot.interact(() -> window.model().look(folder.resolve("runs/mine")));
        LiveViewModel live = window.model().live();
        until(() -> !live.home().figure().get().marks().isEmpty());
        until(() -> window.points() == 160);

        robot.interact(() -> robot.lookup("#home").query().requestFocus());
        robot.type(KeyCode.LEFT).type(KeyCode.LEFT).type(KeyCode.ENTER);
        assertThat(live.home().chosenStep().get()).isEqualTo(158);

        robot.type(KeyCode.T);
        until(() -> live.tokens().instead().get().isEmpty() && live.tokens().pairs().get() == 8);
        Node canvas = robot.lookup("#tokens").query();
        robot.interact(canvas::requestFocus);
        robot.type(KeyCode.RIGHT).type(KeyCode.DOWN);
        assertThat(canvas.getAccessibleText()).contains("log-prob", "probability", "push of");
        Node slider = robot.lookup("#tokenStep .slider").query();
        robot.interact(slider::requestFocus);
        robot.type(KeyCode.LEFT);
        assertThat(live.home().chosenStep().get()).isEqualTo(140); // 158 showed 150

        robot.type(KeyCode.A);
        assertThat(live.answers().steps().get()).contains(140);
        robot.type(KeyCode.F);
        assertThat(robot.lookup("#modify").query().isVisible()).isTrue();
        assertThat(window.button("#fork").isDisabled()).isTrue(); // it has no checkpoint
        robot.type(KeyCode.C);
        assertThat(robot.lookup("#home").query().getParent().isVisible()).isTrue();
    }

    @Test
    void runsAreTaggedArchivedDeletedAndPutBackInTheLibrary() {
        Path run = folder.resolve("runs/mine");
        FakeRuns.finished(run, FakeRuns.spec("slime"), new FakeRuns.Course(-0.1, -0.5, 8, 7));
        FxRobot robot = window.robot();
        robot.type(KeyCode.DIGIT2);
        until(() -> window.model().library().rows().size() == FakeRuns.SAMPLES.size() + 1);
        TableView<RunItem> table = robot.lookup("#library").queryTableView();
        robot.interact(() -> table.getSelectionModel().select(0));
        robot.clickOn("#tags").write("good, first").type(KeyCode.ENTER);
        until(() -> table.getItems().getFirst().run().notes().tags().contains("good"));
        robot.clickOn("#libraryFilter").write("tags=first score/greedy>2");
        until(() -> window.model().library().rows().size() == 1);
        robot.interact(() -> table.getSelectionModel().select(0));
        robot.clickOn("#delete");
        untilOnDisk(() -> !Files.exists(run));
        until(() -> window.button("#undoDelete").isVisible());
        robot.clickOn("#undoDelete");
        untilOnDisk(() -> Files.exists(run));
        until(() -> window.model().library().rows().size() == 1);
        robot.interact(() -> table.getSelectionModel().select(0));
        robot.clickOn("#archive");
        until(() -> window.model().library().rows().isEmpty());
        robot.clickOn("#showArchived");
        until(() -> window.model().library().rows().size() == 1);
    }

    @Test
    void theComparisonIsChosenAndExportedAsItIsOnTheScreen() throws Exception {
        FxRobot robot = window.robot();
        until(() -> !window.model().live().home().figure().get().isEmpty());
        robot.type(KeyCode.DIGIT2);
        until(() -> window.model().compare().chart().figure().get().curves().size() == 5);
        ComboBox<String> group = robot.lookup("#group").queryComboBox();
        robot.interact(() -> group.setValue("objective"));
        until(
                () ->
                        window.model()
                                .compare()
                                .chart()
                                .figure()
                                .get()
                                .caption(Set.of())
                                .contains("95 %"));
        robot.interact(() -> window.model().compare().chart().toggleIsolated("DPO (n = 1)"));
        export("figure.csv");
        assertThat(folder.resolve("figure.csv")).content().contains("DPO").doesNotContain("SFT");
        robot.clickOn("#formScatter");
        until(() -> window.model().compare().chart().figure().get().title().startsWith("Last"));
        assertThat(window.model().compare().choice().get().along()).isEqualTo("objective");
    }
}
