package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;
import static dev.slimelab.app.TestWindow.untilOnDisk;

import static org.assertj.core.api.Assertions.assertThat;

import atlantafx.base.controls.ToggleSwitch;

import dev.slimelab.app.data.DataViewModel;
import dev.slimelab.app.library.Column;
import dev.slimelab.app.library.RunItem;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.look.Sheet;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.app.playground.PlaygroundViewModel.Face;
import dev.slimelab.app.window.SettingsViewModel.Motion;
import dev.slimelab.app.window.WindowViewModel.Panel;
import dev.slimelab.app.window.WindowViewModel.Side;
import dev.slimelab.engine.queue.Entry;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// A person at the window who has only keys, or larger text.
class KeyboardTest {
    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."));
    private FxRobot robot = window.robot();

    private static TestWindow on(Path folder) {
        return new TestWindow(
                folder, FakeEngine.processes(folder.resolve("runs")), FakeRuns.spec("slime"));
    }

    @BeforeEach
    void openTheWindow() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        window = on(folder);
        robot = window.robot();
        window.open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
    }

    @AfterEach
    void close() throws Exception {
        window.close();
        window.endEngines();
    }

    @Test
    void aRunIsComposedStartedPausedAndStopped() {
        robot.type(KeyCode.N);
        tabTo("#field-name .text-field");
        control(KeyCode.A);
        robot.write("mine");
        control(KeyCode.ENTER);
        until(() -> window.phase() == RunPhase.TRAINING);
        assertThat(window.current().name()).isEqualTo("mine");
        tabTo("#runs");
        robot.type(KeyCode.SPACE);
        until(() -> window.phase() == RunPhase.PAUSED && window.model().pending().get() == null);
        control(KeyCode.PERIOD);
        until(() -> window.phase() == RunPhase.STOPPED);
    }

    @Test
    void spacePressesWhatHasTheFocusEvenWhileARunTrains() {
        window.robot().clickOn("#trainBuiltIn");
        until(() -> window.phase() == RunPhase.TRAINING);
        robot.type(KeyCode.N);
        tabTo("#preset");
        robot.type(KeyCode.SPACE);
        until(() -> robot.lookup("#presetSearch").query().getParent().isVisible());
        robot.type(KeyCode.ESCAPE);
        assertThat(robot.lookup("#presetSearch").query().getParent().isVisible()).isFalse();
        assertThat(window.model().pending().get()).isNull();
        assertThat(window.phase()).isEqualTo(RunPhase.TRAINING);
    }

    @Test
    void thePaletteFindsRunsAndExplains() {
        control(KeyCode.K);
        until(() -> robot.lookup("#palette").tryQuery().isPresent());
        robot.write("stop");
        String row = spoken("#paletteList .list-cell");
        assertThat(row).isEqualTo("Stop, Ctrl+., not now: No run is chosen.");
        robot.type(KeyCode.ENTER);
        assertThat(window.model().panel().get()).isEqualTo(Panel.PALETTE);
        control(KeyCode.A);
        robot.write("darkap").type(KeyCode.ENTER);
        until(() -> window.model().theme().get() == Theme.DARK);
        assertThat(window.model().panel().get()).isEqualTo(Panel.NONE);
        robot.press(KeyCode.CONTROL, KeyCode.SHIFT).type(KeyCode.P);
        robot.release(KeyCode.SHIFT, KeyCode.CONTROL);
        until(() -> window.model().panel().get() == Panel.PALETTE);
        robot.type(KeyCode.ESCAPE);
        until(() -> window.model().panel().get() == Panel.NONE);
    }

    @Test
    void helpSaysWhatHasTheFocusAndEveryKeyOfThePage() {
        robot.type(KeyCode.DIGIT2);
        until(() -> robot.lookup("#overlay").tryQuery().isPresent());
        robot.interact(() -> robot.lookup("#export").query().requestFocus());
        robot.type(KeyCode.F1);
        until(() -> robot.lookup("#help").tryQuery().isPresent());
        String words =
                robot.lookup("#help .label").queryAll().stream()
                        .map(node -> ((Labeled) node).getText())
                        .collect(Collectors.joining("\n"));
        assertThat(words)
                .contains(
                        "Export figure  E",
                        "Ctrl+Enter",
                        "Ctrl+K, Ctrl+Shift+P",
                        "Go to Ablations",
                        "Makes it narrower or wider",
                        "docs/workbench.md");
        robot.type(KeyCode.N); // what the help covers does not hear
        assertThat(window.model().side().get()).isEqualTo(Side.INSPECTOR);
        robot.type(KeyCode.ESCAPE);
        until(() -> window.model().panel().get() == Panel.NONE);
        assertThat(focused().getId()).isEqualTo("export");
    }

    @Test
    void aFileOfPairsIsInspectedAndUsed() {
        robot.type(KeyCode.DIGIT4);
        until(() -> robot.lookup("#dataPath").tryQuery().isPresent());
        tabTo("#dataPath");
        robot.write("pairs.jsonl");
        tabTo("#dataModel");
        robot.write("model").type(KeyCode.ENTER);
        DataViewModel data = window.model().data();
        until(() -> data.account().get() != null && data.leaf().get() != null);
        tabTo("#useData");
        robot.type(KeyCode.SPACE);
        until(() -> window.model().side().get() == Side.COMPOSER);
        assertThat(window.model().composer().draft().get().text("data.path"))
                .isEqualTo("pairs.jsonl");
    }

    @Test
    void aGridIsQueued() {
        robot.type(KeyCode.DIGIT3);
        until(() -> robot.lookup("#template-table5").tryQuery().isPresent());
        tabTo("#template-table5");
        robot.type(KeyCode.SPACE);
        until(() -> window.model().ablations().outcome().get().runs() == 15);
        tabTo("#queueGrid");
        robot.type(KeyCode.SPACE);
        until(
                () ->
                        window.model().ablations().shown().get() != null
                                && Objects.requireNonNull(window.model().ablations().shown().get())
                                        .entries()
                                        .stream()
                                        .allMatch(e -> e.state() == Entry.State.FINISHED));
    }

    @Test
    void theLibrarysColumnsAreShownMovedResizedSortedAndRemembered() throws Exception {
        robot.type(KeyCode.DIGIT2);
        until(() -> window.model().library().available().size() > 20);
        tabTo("#columns");
        robot.type(KeyCode.SPACE);
        tabTo("#columnList");
        Column name = Column.NAME;
        robot.interact(
                () ->
                        robot.lookup("#columnList")
                                .<Column>queryListView()
                                .getSelectionModel()
                                .select(name));
        robot.press(KeyCode.ALT).type(KeyCode.DOWN).type(KeyCode.RIGHT).release(KeyCode.ALT);
        robot.type(KeyCode.ENTER).type(KeyCode.ENTER);
        TableView<RunItem> table = robot.lookup("#library").queryTableView();
        assertThat(table.getColumns().get(1).getUserData()).isEqualTo(name);
        assertThat(table.getColumns().get(1).getWidth()).isEqualTo(186);
        assertThat(table.getItems().getFirst().run().name()).isEqualTo("slime-no-stabiliser");
        robot.interact(
                () ->
                        robot.lookup("#columnList")
                                .<Column>queryListView()
                                .getSelectionModel()
                                .selectLast());
        robot.type(KeyCode.SPACE);
        int columns = table.getColumns().size();
        Path memory = folder.resolve("window.json");
        untilOnDisk(() -> Files.readString(memory).contains("-run:name"));
        window.close();
        window.open();
        until(() -> robot.lookup("#library").tryQuery().isPresent());
        TableView<RunItem> next = robot.lookup("#library").queryTableView();
        until(() -> next.getItems().size() == FakeRuns.SAMPLES.size());
        assertThat(next.getColumns()).hasSize(columns);
        assertThat(next.getColumns().get(1).getUserData()).isEqualTo(name);
        assertThat(next.getColumns().get(1).getPrefWidth()).isEqualTo(186);
        assertThat(next.getItems().getFirst().run().name()).isEqualTo("slime-no-stabiliser");
    }

    @Test
    void aChartIsReadZoomedAndItsCurvesGoneThrough() {
        robot.type(KeyCode.DIGIT2);
        var chart = window.model().compare().chart();
        until(() -> chart.figure().get().curves().size() == FakeRuns.SAMPLES.size());
        robot.interact(() -> robot.lookup("#overlay").query().requestFocus());
        robot.type(KeyCode.DOWN);
        assertThat(chart.isolated().get()).isEqualTo(chart.figure().get().legend().get(0).label());
        robot.type(KeyCode.UP);
        assertThat(chart.isolated().get()).isNull();
        robot.type(KeyCode.LEFT).type(KeyCode.PLUS);
        assertThat(chart.viewport().get().fromStep()).isGreaterThan(0);
        robot.type(KeyCode.DIGIT0);
        assertThat(chart.viewport().get().fromStep()).isNaN();
    }

    @Test
    void allIsScaledAndWhatHasNoRoomIsScrolledTo() {
        for (int i = 0; i < 5; i++) {
            control(KeyCode.PLUS);
        }
        assertThat(window.model().settings().scale().get()).isEqualTo(200);
        WaitForAsyncUtils.waitForFxEvents();
        Node desk = robot.lookup(".window").query();
        assertThat(desk.getLayoutBounds().getWidth()).isGreaterThanOrEqualTo(960);
        assertThat(desk.localToScene(desk.getLayoutBounds()).getWidth()).isGreaterThan(1900);
        Sheet sheet = robot.lookup("#home .sheet").query();
        assertThat(sheet.sharpness()).isEqualTo(2);
        robot.interact(() -> robot.lookup("#openHelp").query().requestFocus());
        WaitForAsyncUtils.waitForFxEvents();
        Node help = robot.lookup("#openHelp").query();
        Bounds seen = help.localToScene(help.getLayoutBounds());
        Region frame = (Region) desk.getParent();
        assertThat(seen.getMaxX()).isBetween(0.0, frame.getWidth());
        assertThat(seen.getMinX()).isGreaterThan(0);
        control(KeyCode.DIGIT0);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(desk.localToScene(desk.getLayoutBounds()).getMinX()).isZero();
    }

    @Test
    void columnsFoldAwayAndStayFolded() throws Exception {
        control(KeyCode.B);
        assertThat(robot.lookup("#runs").tryQuery()).isEmpty();
        Path memory = folder.resolve("window.json");
        untilOnDisk(() -> Files.exists(memory) && Files.readString(memory).contains("folded"));
        window.close();
        window.open();
        assertThat(robot.lookup("#runs").tryQuery()).isEmpty();
        robot.type(KeyCode.SLASH);
        until(() -> robot.lookup("#runs").tryQuery().isPresent());
        assertThat(focused().getId()).isEqualTo("filter");
    }

    @Test
    void nothingMovesWhereMotionIsReduced() {
        robot.interact(() -> window.model().settings().motion().set(Motion.REDUCED));
        ToggleSwitch lone = new ToggleSwitch("lone");
        robot.interact(() -> robot.lookup(".toolbar").<HBox>query().getChildren().add(lone));
        WaitForAsyncUtils.waitForFxEvents();
        Node thumb = lone.lookup(".thumb");
        List<Double> places = new ArrayList<>();
        robot.interact(
                () -> {
                    thumb.translateXProperty().subscribe((_, x) -> places.add(x.doubleValue()));
                    lone.setSelected(true);
                });
        until(() -> !places.isEmpty());
        WaitForAsyncUtils.waitForFxEvents(20);
        // A thumb moves for one millisecond then, which one frame may fall into; else for 250.
        assertThat(places).as("one jump").hasSizeLessThanOrEqualTo(2);
    }

    /// Two states chosen, a prompt written, started, voted on, skipped, and stopped.
    @Test
    void thePlaygroundIsPlayed() throws IOException {
        FakeRuns.played(folder.resolve("runs/trained"), 100, 200);
        FakeRuns.played(folder.resolve("runs/slow"), 5);
        PlaygroundViewModel play = window.model().playground();
        until(() -> window.model().list().entry(folder.resolve("runs/slow")) != null);
        robot.interact(() -> window.model().look(folder.resolve("runs/trained")));
        robot.type(KeyCode.DIGIT5);
        until(() -> "step-000200".equals(play.columns().get(1).choice().get().state()));
        tabTo("#stateA");
        robot.type(KeyCode.UP); // from the last, the base
        until(() -> "step-000100".equals(play.columns().getFirst().choice().get().state()));
        tabTo("#prompt");
        control(KeyCode.A);
        robot.write("Add 2 and 2.");
        control(KeyCode.ENTER);
        until(() -> play.ballot().get().winners().contains(true));
        control(KeyCode.DIGIT2);
        until(() -> play.ballot().get().hint().contains("1 pair"));
        assertThat(Files.readString(folder.resolve("runs/votes.jsonl")))
                .contains("Add 2 and 2.", "step-000200");
        control(KeyCode.ENTER);
        until(() -> play.ballot().get().winners().contains(true));
        control(KeyCode.DIGIT5);
        until(() -> play.ballot().get().hint().contains("nothing was saved"));

        tabTo("#sourceB");
        for (int i = 0; i < 20 && !named(play, 1).equals("slow"); i++) {
            robot.type(named(play, 1).compareTo("slow") > 0 ? KeyCode.UP : KeyCode.DOWN);
        }
        until(() -> "step-000005".equals(play.columns().get(1).choice().get().state()));
        control(KeyCode.ENTER);
        until(() -> play.columns().get(1).text().equals("One"));
        control(KeyCode.PERIOD);
        until(() -> play.face().get() == Face.IDLE);
    }

    private static String named(PlaygroundViewModel play, int column) {
        return Objects.requireNonNull(play.columns().get(column).choice().get().source()).name();
    }

    /// Of choices beside each other the arrows choose the next, and what it shows has the focus.
    @Test
    void arrowsChooseAmongSegments() {
        robot.type(KeyCode.N);
        assertThat(focused().getId()).isEqualTo("modeForm");
        robot.type(KeyCode.RIGHT);
        assertThat(focused().getId()).isEqualTo("modeJSON");
        until(() -> window.model().composerTools().text().isInDraft());
        assertThat(robot.lookup("#specText").tryQuery()).isPresent();
        robot.type(KeyCode.LEFT);
        assertThat(robot.lookup("#specText").tryQuery()).isEmpty();
        String before = window.model().composer().draft().get().text("data.format");
        tabTo("#slot-data-kinds .toggle-button:selected");
        robot.type(KeyCode.RIGHT);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(window.model().composer().draft().get().text("data.format"))
                .isNotEqualTo(before);
        assertThat(focused())
                .isSameAs(robot.lookup("#slot-data-kinds .toggle-button:selected").query());
        robot.type(KeyCode.SPACE);
        assertThat(robot.lookup("#slot-data-kinds .toggle-button:selected").tryQuery())
                .as("pressed again it stays")
                .isPresent();
    }

    private void control(KeyCode key) {
        robot.press(KeyCode.CONTROL).type(key).release(KeyCode.CONTROL);
        WaitForAsyncUtils.waitForFxEvents();
    }

    /// Presses Tab until the node has the focus.
    private void tabTo(String query) {
        Node node = robot.lookup(query).query();
        robot.interact(
                () -> {
                    for (int i = 0; i < 400 && focused() != node; i++) {
                        AccessibilityTest.pressTab(focused());
                    }
                });
        assertThat(focused()).as(query).isSameAs(node);
    }

    private Node focused() {
        return robot.lookup(".window").query().getScene().getFocusOwner();
    }

    private String spoken(String query) {
        return Objects.requireNonNull(robot.lookup(query).query().getAccessibleText());
    }
}
