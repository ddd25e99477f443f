package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;
import static dev.slimelab.app.TestWindow.untilOnDisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.ablation.AblationViewModel;
import dev.slimelab.app.ablation.SweepReader.Shown;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.engine.compare.ResultTable;
import dev.slimelab.engine.compare.TableFormat;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.Entry.State;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.sweep.SweepFolder;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A person at the page of ablations, with engines that only count.
class AblationTest {
    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."));

    private void open() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        Files.createDirectories(folder.resolve("runs"));
        window = on(folder);
        window.open();
        window.robot().interact(() -> window.model().page().set("Ablations"));
        until(() -> model().loaded().get());
    }

    private static TestWindow on(Path folder) {
        return new TestWindow(
                folder,
                new EngineProcess(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        FakeEngine.class.getName(),
                        folder.resolve("runs")),
                FakeRuns.spec("slime"));
    }

    @AfterEach
    void close() throws Exception {
        window.close();
    }

    @Test
    void aGridIsTypedCountedRefusedAndQueuedAndItsTableFills() throws Exception {
        open();
        FxRobot robot = window.robot();
        robot.clickOn("#newGrid");
        type("#axisPath", "objective.stabilizer.p");
        type("#axisValues", "1, 2.5");
        until(() -> words("#gridOutcome").contains("Did you mean \"objective.stabiliser.p\"?"));
        assertThat(button("#queueGrid").isDisabled()).isTrue();
        type("#axisPath", "objective.stabiliser.p");
        type("#gridSeeds", "0, 1");
        until(() -> words("#gridOutcome").equals("2 rows × 2 seeds = 4 runs"));
        robot.clickOn("#queueGrid");
        until(() -> hasTable() && table().rows().stream().allMatch(row -> row.unfinished() == 0));
        until(() -> shown().entries().stream().allMatch(e -> e.state() == State.FINISHED));
        assertThat(new SweepFolder(folder.resolve("runs/grid")).lines()).hasSize(4);
        assertThat(table().rows().stream().map(ResultTable.Row::label))
                .containsExactly("p = 1", "p = 2.5");
    }

    @Test
    void aTemplateIsOneClick() throws Exception {
        open();
        window.robot().clickOn("#template-table4");
        until(() -> words("#gridOutcome").equals("6 rows × 3 seeds = 18 runs"));
        assertThat(button("#queueGrid").getText()).isEqualTo("Queue 18 runs");
    }

    @Test
    void theQueueIsReorderedCancelledAndWorkedOff() throws Exception {
        Path sweep = folder.resolve("runs/table4");
        FakeSweep.queued(sweep);
        RunQueue queue = new RunQueue(sweep);
        queue.change(queue.settings().pause(true));
        open();
        until(() -> model().shown().get() != null && shown().entries().size() == 18);
        Entry second = shown().entries().get(1);
        act(() -> model().move(second, -1));
        untilOnDisk(() -> FakeSweep.runs(queue).getFirst().equals("full-seed1"));
        Entry last = shown().entries().getLast();
        act(() -> model().toggleUrgent(last));
        untilOnDisk(() -> FakeSweep.runs(queue).getFirst().equals("without-hard-b-seed2"));
        until(() -> shown().entries().getFirst().id().equals(last.id()));
        act(() -> model().cancel(second));
        until(() -> words("#queueSummary").contains("1 cancelled"));
        assertThat(words("#queueSummary")).contains("Paused");
        window.robot().clickOn("#pauseQueue");
        until(
                () ->
                        shown().entries().stream().filter(e -> e.state() == State.FINISHED).count()
                                == 17);
        act(() -> model().retry(second));
        until(() -> shown().entries().stream().allMatch(e -> e.state() == State.FINISHED));
        until(() -> hasTable() && table().tests() > 0);
        assertThat(
                        window.robot().lookup("#resultSentences .label").queryAll().stream()
                                .map(label -> ((Label) label).getText()))
                .anyMatch(words -> words.startsWith("w/o rejected differs from full: "));
        window.robot().clickOn("#copyTable").clickOn("LaTeX (booktabs)");
        String latex = TableFormat.LATEX.write(table());
        assertThat(
                        WaitForAsyncUtils.asyncFx(() -> Clipboard.getSystemClipboard().getString())
                                .get())
                .isEqualTo(latex);
    }

    @Test
    void anotherBaselineAndOtherColumnsAreAChoiceAway() throws Exception {
        FakeSweep.finished(folder.resolve("samples/table4"));
        open();
        until(() -> hasTable());
        act(
                () ->
                        model().layout()
                                .set(
                                        model().layout()
                                                .get()
                                                .metrics(List.of("probe/margin"))
                                                .baseline("w/o soft")));
        until(() -> table().baseline().equals("w/o soft") && table().columns().size() == 1);
        assertThat(button("#copyTable", javafx.scene.control.MenuButton.class).isDisabled())
                .isFalse();
        window.robot().type(KeyCode.DIGIT1);
        until(() -> window.model().page().get().equals("Live"));
    }

    private void act(Runnable action) {
        window.robot().interact(action);
    }

    private AblationViewModel model() {
        return window.model().ablations();
    }

    private Shown shown() {
        return Objects.requireNonNull(model().shown().get());
    }

    private boolean hasTable() {
        Shown now = model().shown().get();
        return now != null && now.table() != null;
    }

    private ResultTable table() {
        return Objects.requireNonNull(shown().table());
    }

    private void type(String field, String text) {
        TextField target = window.robot().lookup(field).query();
        window.robot().interact(() -> target.setText(text));
    }

    private String words(String id) {
        return window.robot().lookup(id).queryAs(Label.class).getText();
    }

    private Button button(String id) {
        return button(id, Button.class);
    }

    private <T extends javafx.scene.Node> T button(String id, Class<T> type) {
        return window.robot().lookup(id).queryAs(type);
    }
}
