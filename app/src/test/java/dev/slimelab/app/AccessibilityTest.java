package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.window.WindowViewModel.Panel;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.sweep.Template;

import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Control;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TitledPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Whoever cannot see the window, or has no mouse: on every page and in every panel each control
/// has a name, and Tab reaches each control and leaves it again.
class AccessibilityTest {
    private static final int BUTTONS_IN_CELLS = 200;

    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."));

    private static TestWindow on(Path folder) {
        return new TestWindow(
                folder, FakeEngine.processes(folder.resolve("runs")), FakeRuns.spec("slime"));
    }

    @AfterEach
    void close() throws Exception {
        window.close();
    }

    private void open() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        window = on(folder);
        window.open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
    }

    @Test
    void runsComparedAndOneRunFromEverySide() throws Exception {
        FakeRuns.edited(folder.resolve("runs/edited"));
        FakeRuns.recorded(folder.resolve("samples/recorded"), "simpo");
        FakeRuns.writeSamples(folder.resolve("samples"));
        window = on(folder);
        window.open();
        act(() -> window.model().compareSamples());
        until(() -> window.model().live().comparison().get().size() > 1);
        check("runs compared");
        for (Path run :
                List.of(folder.resolve("samples/recorded"), folder.resolve("runs/edited"))) {
            act(() -> window.model().look(run));
            until(() -> window.model().live().face().get().name().equals("SINGLE"));
            for (Aspect aspect : Aspect.values()) {
                act(() -> window.model().look(aspect));
                check(run.getFileName() + " " + aspect);
            }
        }
    }

    @Test
    void theComposerAsFormTextAndDifferences() throws Exception {
        open();
        act(() -> window.model().newRun());
        until(() -> window.robot().lookup("#measure").tryQuery().isPresent());
        for (String mode : List.of("#modeForm", "#modeJSON", "#modeYAML", "#modeDifferences")) {
            act(() -> toggle(mode).fire());
            check("composer " + mode);
        }
    }

    @Test
    void everyPageAndPanel() throws Exception {
        FakeSweep.queued(folder.resolve("runs/table4"));
        RunQueue queue = new RunQueue(folder.resolve("runs/table4"));
        queue.change(queue.settings().pause(true));
        open();
        for (Node tab : window.robot().lookup("#pages .toggle-button").queryAll()) {
            String page = tab.getId().substring("page".length());
            act(() -> window.model().page().set(page));
            if (page.equals("Compare")) {
                until(() -> !window.model().compare().chart().figure().get().isEmpty());
                act(() -> toggle("#columns").fire());
            }
            if (page.equals("Ablations")) {
                until(() -> window.model().ablations().shown().get() != null);
            }
            check("page " + page);
        }
        act(() -> window.model().page().set("Ablations"));
        act(() -> window.model().ablations().take(Template.TABLE5));
        until(() -> window.model().ablations().editing().get());
        check("grid");
        for (Panel panel : List.of(Panel.PALETTE, Panel.HELP, Panel.SETTINGS)) {
            act(() -> window.model().panel().set(panel));
            checkPanel(panel);
            act(() -> window.model().panel().set(Panel.NONE));
        }
    }

    @Test
    void theDataPageWithRows() throws Exception {
        open();
        act(
                () -> {
                    window.model().page().set("Data");
                    window.model().data().path().set("pairs.jsonl");
                    window.model().data().model().set("model");
                    window.model().data().inspect();
                });
        until(
                () ->
                        window.model().data().account().get() != null
                                && window.model().data().leaf().get() != null);
        check("data");
    }

    private ToggleButton toggle(String id) {
        return window.robot().lookup(id).queryAs(ToggleButton.class);
    }

    private void act(Runnable action) {
        window.robot().interact(action);
    }

    private void check(String where) throws Exception {
        until(() -> window.model().background().activity().get().isEmpty());
        WaitForAsyncUtils.waitForFxEvents();
        Node desk = window.robot().lookup(".window").query();
        assertThat(WaitForAsyncUtils.asyncFx(() -> SceneText.nameless(desk)).get())
                .as("controls without a name: " + where)
                .isEmpty();
        assertThat(WaitForAsyncUtils.asyncFx(() -> unreached((Parent) desk)).get())
                .as("controls that Tab does not reach: " + where)
                .isEmpty();
    }

    private void checkPanel(Panel panel) throws Exception {
        Parent cover = window.robot().lookup(".cover").query();
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(SceneText.nameless(cover)).as("controls without a name: " + panel).isEmpty();
        assertThat(WaitForAsyncUtils.asyncFx(() -> unreached(cover)).get())
                .as("controls that Tab does not reach: " + panel)
                .isEmpty();
    }

    /// Presses Tab until it must have been everywhere.
    private static List<String> unreached(Parent root) {
        Scene scene = root.getScene();
        List<Node> stops = new ArrayList<>();
        collect(root, stops);
        stops.getFirst().requestFocus();
        Set<Node> reached = Collections.newSetFromMap(new IdentityHashMap<>());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 2 * stops.size() + BUTTONS_IN_CELLS; i++) {
            Node before = scene.getFocusOwner();
            reached.add(before);
            pressTab(before);
            if (scene.getFocusOwner() == before && stops.size() > 1) {
                wrong.add("Tab does not leave " + before);
                break;
            }
        }
        stops.stream()
                .filter(stop -> !reached.contains(stop))
                .forEach(stop -> wrong.add("Tab does not reach " + stop));
        return wrong;
    }

    static void pressTab(Node node) {
        Event.fireEvent(
                node,
                new KeyEvent(
                        KeyEvent.KEY_PRESSED, "\t", "", KeyCode.TAB, false, false, false, false));
    }

    /// Of buttons that exclude each other Tab reaches the one that is chosen.
    private static boolean isReachedByArrows(Node node) {
        return node instanceof ToggleButton button
                && button.getToggleGroup() != null
                && !button.isSelected();
    }

    /// Everything that can have the focus, without what controls are made of and their cells hold.
    private static void collect(Parent parent, List<Node> stops) {
        for (Node node : parent.getChildrenUnmodifiable()) {
            if (!node.isVisible() || node.isDisabled()) {
                continue;
            }
            if (node.isFocusTraversable() && !isReachedByArrows(node)) {
                stops.add(node);
            }
            boolean holds =
                    !(node instanceof Control)
                            || node instanceof SplitPane
                            || node instanceof ScrollPane
                            || node instanceof TitledPane
                            || !node.isFocusTraversable();
            if (node instanceof Parent below && holds) {
                collect(below, stops);
            }
        }
    }
}
