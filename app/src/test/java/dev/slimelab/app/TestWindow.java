package dev.slimelab.app;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.window.BuiltIn;
import dev.slimelab.app.window.Frame;
import dev.slimelab.app.window.Memory;
import dev.slimelab.app.window.Opening;
import dev.slimelab.app.window.WindowViewModel;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.spec.RunSpec;

import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The real window on the `runs` and `samples` of a folder, and a robot at its keys.
///
/// Opened again after it was closed, it is another window on the same folder.
final class TestWindow {
    /// Long enough for an engine to start on a machine that has something else to do.
    private static final int SECONDS = 120;

    private final FxRobot robot = new FxRobot();
    private final Path folder;
    private final EngineProcess engines;
    private final RunSpec builtIn;
    private final Clock clock;
    private @Nullable WindowViewModel opened;
    private long shownAt;

    TestWindow(Path folder, EngineProcess engines, RunSpec builtIn) {
        this(folder, engines, builtIn, Clock.systemUTC());
    }

    TestWindow(Path folder, EngineProcess engines, RunSpec builtIn, Clock clock) {
        this.folder = folder;
        this.engines = engines;
        this.builtIn = builtIn;
        this.clock = clock;
    }

    void open() throws Exception {
        open(Opening.LATEST);
    }

    void open(Opening opening) throws Exception {
        FxToolkit.registerPrimaryStage();
        WindowThread.watch();
        Fonts.registerForWindow();
        RunReader reader = new RunReader(library(), clock);
        Memory memory = Memory.of(folder.resolve("window.json"));
        opened = WaitForAsyncUtils.asyncFx(() -> show(reader, memory, opening)).get();
        until(() -> model().list().loaded().get());
    }

    private WindowViewModel show(RunReader reader, Memory memory, Opening opening) {
        WindowViewModel window =
                new WindowViewModel(
                        Background.ofTheWindow(),
                        reader,
                        engines,
                        new BuiltIn(builtIn, folder.resolve("templates")),
                        memory);
        window.open(opening);
        Scene scene = new Scene(new Frame(window), 990, 900);
        Stage stage = FxToolkit.toolkitContext().getRegisteredStage();
        stage.setScene(scene);
        stage.show();
        shownAt = System.nanoTime();
        return window;
    }

    /// As a person closes it: engines are not told. Fails where the window's thread did work that
    /// belongs elsewhere.
    void close() throws Exception {
        WaitForAsyncUtils.asyncFx(
                        () -> {
                            model().close();
                            FxToolkit.toolkitContext().getRegisteredStage().hide();
                            return true;
                        })
                .get();
        WindowThread.expectNothing();
    }

    /// Kills whatever still trains in the folder, and whatever was started to.
    void endEngines() throws Exception {
        for (RunEntry entry : library().scan()) {
            ProcessHandle engine = ProcessHandle.of(engineOf(entry)).orElse(null);
            if (engine != null && !engine.equals(ProcessHandle.current())) {
                engine.destroyForcibly();
                engine.onExit().get(SECONDS, TimeUnit.SECONDS); // or it writes to the last
            }
        }
    }

    /// The process that trains a run, or is about to; -1 where none does.
    private static long engineOf(RunEntry entry) throws IOException {
        RunStatus status = entry.status();
        if (status != null) {
            return status.state().isFinal() ? -1 : status.pid();
        }
        Path started = RunLibrary.pid(new RunDirectory(entry.id()));
        return Files.exists(started) ? Long.parseLong(Files.readString(started).strip()) : -1;
    }

    private RunLibrary library() {
        return new RunLibrary(folder.resolve("runs"), folder.resolve("samples"), clock);
    }

    /// When the window was there, as [System#nanoTime()].
    long shownAt() {
        return shownAt;
    }

    FxRobot robot() {
        return robot;
    }

    WindowViewModel model() {
        return Objects.requireNonNull(opened);
    }

    RunEntry current() {
        return Objects.requireNonNull(model().current().get());
    }

    RunPhase phase() {
        RunEntry entry = model().current().get();
        return entry == null ? RunPhase.QUEUED : entry.phase();
    }

    /// How many points the chosen curve on the home chart has.
    int points() {
        Figure figure = model().live().home().figure().get();
        return model().current().get() == null || figure.isEmpty()
                ? 0
                : figure.curves().getFirst().series().size();
    }

    Button button(String id) {
        return robot.lookup(id).queryButton();
    }

    /// Types into a field of the composer and presses Enter.
    void type(String path, String text) {
        TextField field = robot.lookup("#field-" + path.replace('.', '-') + " .text-field").query();
        robot.interact(() -> scrollTo(field));
        robot.clickOn(field).push(KeyCode.CONTROL, KeyCode.A).write(text).type(KeyCode.ENTER);
    }

    /// Clicks a node of the composer, wherever the form has been scrolled to.
    void click(String id) {
        Node node = robot.lookup(id).query();
        robot.interact(() -> scrollTo(node));
        robot.clickOn(node);
    }

    /// Clicks where a word stands now, in a list that may be filled anew at any moment.
    void clickOnWord(String word) throws Exception {
        Point2D middle =
                WaitForAsyncUtils.asyncFx(
                                () -> {
                                    Node node = robot.lookup(word).query();
                                    Bounds bounds = node.getLayoutBounds();
                                    return node.localToScreen(
                                            bounds.getCenterX(), bounds.getCenterY());
                                })
                        .get();
        robot.clickOn(middle);
    }

    private static void scrollTo(Node node) {
        for (Parent parent = node.getParent(); parent != null; parent = parent.getParent()) {
            if (parent instanceof ScrollPane scroll) {
                Node content = scroll.getContent();
                double y =
                        content.sceneToLocal(node.localToScene(node.getLayoutBounds())).getMinY();
                double beyond =
                        content.getLayoutBounds().getHeight()
                                - scroll.getViewportBounds().getHeight();
                double above = scroll.getViewportBounds().getHeight() / 2;
                scroll.setVvalue(Math.clamp((y - above) / beyond, 0, 1));
                scroll.layout();
                return;
            }
        }
    }

    /// Waits for something that the window knows.
    static void until(Callable<Boolean> condition) {
        untilOnDisk(() -> WaitForAsyncUtils.asyncFx(condition).get());
    }

    /// Waits for something that is read away from the window's thread.
    static void untilOnDisk(Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(SECONDS, TimeUnit.SECONDS, condition);
        } catch (TimeoutException e) {
            throw new AssertionError("not within " + SECONDS + " s", e);
        }
    }
}
