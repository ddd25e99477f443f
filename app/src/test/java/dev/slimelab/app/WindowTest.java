package dev.slimelab.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;
import dev.slimelab.app.window.WindowView;
import dev.slimelab.app.window.WindowViewModel;
import dev.slimelab.engine.run.RunStatus;

import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A person at the real window, with engines that only count.
class WindowTest {
    private static final int SECONDS = 30;

    @TempDir private Path folder;

    private final FxRobot robot = new FxRobot();
    private @org.jspecify.annotations.Nullable WindowViewModel opened;

    @BeforeEach
    void openTheWindow() throws Exception {
        FxToolkit.registerPrimaryStage();
        Fonts.registerForWindow();
        FakeRuns.writeSamples(folder.resolve("samples"));
        open();
    }

    @AfterEach
    void endEngines() throws Exception {
        close();
        RunLibrary library =
                new RunLibrary(
                        folder.resolve("runs"), folder.resolve("samples"), Clock.systemUTC());
        for (RunEntry entry : library.scan()) {
            RunStatus status = entry.status();
            if (status != null && status.pid() != ProcessHandle.current().pid()) {
                ProcessHandle.of(status.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void theFirstStartComparesTheSamplesAndOffersOneTraining() {
        until(() -> window().list().shown().get().size() == FakeRuns.SAMPLES.size());
        until(() -> window().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        assertThat(robot.lookup("#trainBuiltIn").queryButton().isVisible()).isTrue();
        assertThat(button("#pause").isDisabled()).isTrue();
        assertThat(button("#stop").isDisabled()).isTrue();
    }

    @Test
    void aRunIsComposedStartedPausedResumedAndStopped() {
        robot.clickOn("#newRun");
        robot.clickOn("#field-name .text-field").eraseText(10).write("mine").type(KeyCode.ENTER);
        robot.clickOn("#startDraft");
        until(() -> phase() == RunPhase.TRAINING);
        assertThat(Objects.requireNonNull(window().current().get()).name()).isEqualTo("mine");
        until(() -> points() > 5);

        robot.clickOn("#pause");
        until(() -> phase() == RunPhase.PAUSED && button("#pause").getText().equals("Resume"));
        int before = points();
        robot.clickOn("#pause");
        until(() -> points() > before);

        robot.clickOn("#stop");
        until(() -> phase() == RunPhase.STOPPED);
        until(() -> button("#stop").isDisabled());
    }

    @Test
    void trainingGoesOnWithoutTheWindowAndTheNextWindowFindsIt() throws Exception {
        robot.clickOn("#trainBuiltIn");
        until(() -> points() > 3);
        int before = points();
        close();
        open();
        until(() -> phase() == RunPhase.TRAINING || phase() == RunPhase.FINISHED);
        until(() -> points() > before);
        until(() -> phase() == RunPhase.FINISHED);
        assertThat(points()).isEqualTo(160);
    }

    @Test
    void aKilledEngineIsLostAndItsMetricsAreKept() {
        robot.clickOn("#trainBuiltIn");
        until(() -> points() > 3 && phase() == RunPhase.TRAINING);
        RunStatus status =
                Objects.requireNonNull(Objects.requireNonNull(window().current().get()).status());
        long killed = System.nanoTime();
        ProcessHandle.of(status.pid()).orElseThrow().destroyForcibly();
        until(() -> phase() == RunPhase.LOST);
        assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(10));
        until(() -> window().live().trouble().get() != null);
        assertThat(points()).isGreaterThan(3);
        assertThat(robot.lookup("#trouble").query().isVisible()).isTrue();
    }

    @Test
    void keysSwitchTheAppearanceFilterAndReachTheComposer() {
        until(() -> window().list().loaded().get());
        var before = window().theme().get();
        robot.press(KeyCode.CONTROL).type(KeyCode.T).release(KeyCode.CONTROL);
        until(() -> window().theme().get() != before);
        robot.type(KeyCode.N);
        until(() -> window().side().get() == WindowViewModel.Side.COMPOSER);
        robot.type(KeyCode.SLASH).write("simpo");
        until(() -> window().list().rows().size() == 1);
    }

    private WindowViewModel window() {
        return Objects.requireNonNull(opened);
    }

    private RunPhase phase() {
        RunEntry entry = window().current().get();
        return entry == null ? RunPhase.QUEUED : entry.phase();
    }

    /// How many points the chosen curve on the home chart has.
    private int points() {
        Figure figure = window().live().home().figure().get();
        return window().current().get() == null || figure.isEmpty()
                ? 0
                : figure.curves().getFirst().series().size();
    }

    private Button button(String id) {
        return robot.lookup(id).queryButton();
    }

    private void open() throws Exception {
        Clock clock = Clock.systemUTC();
        RunReader reader =
                new RunReader(
                        new RunLibrary(folder.resolve("runs"), folder.resolve("samples"), clock),
                        clock);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        EngineProcess engines =
                new EngineProcess(
                        java,
                        System.getProperty("java.class.path"),
                        FakeEngine.class.getName(),
                        folder.resolve("runs"));
        opened =
                WaitForAsyncUtils.asyncFx(
                                () -> {
                                    WindowViewModel window =
                                            new WindowViewModel(
                                                    Background.ofTheWindow(),
                                                    reader,
                                                    engines,
                                                    FakeRuns.spec("slime"));
                                    Stage stage = FxToolkit.toolkitContext().getRegisteredStage();
                                    Scene scene = new Scene(new WindowView(window), 990, 900);
                                    scene.getStylesheets()
                                            .setAll(window.theme().get().stylesheets());
                                    javafx.application.Application.setUserAgentStylesheet(
                                            window.theme().get().userAgentStylesheet());
                                    stage.setScene(scene);
                                    stage.show();
                                    window.open();
                                    return window;
                                })
                        .get();
        until(() -> window().list().loaded().get());
    }

    private void close() throws Exception {
        WaitForAsyncUtils.asyncFx(() -> window().close()).get();
    }

    private static void until(Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(
                    SECONDS, TimeUnit.SECONDS, () -> WaitForAsyncUtils.asyncFx(condition).get());
        } catch (TimeoutException e) {
            throw new AssertionError("not within " + SECONDS + " s", e);
        }
    }
}
