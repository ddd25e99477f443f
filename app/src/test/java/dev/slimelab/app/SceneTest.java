package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.data.DataViewModel;
import dev.slimelab.app.live.LiveViewModel;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.live.Trouble;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.engine.run.RunStatus.Failure;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.sweep.Template;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextInputControl;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/// The window's nodes and words in its main states, compared with approved text.
///
/// After an intended change: `./mvnw verify -pl engine,app -Dtest=SceneTest
/// -Dsurefire.failIfNoSpecifiedTests=false -Dapprove=true`, then read the difference.
class SceneTest {
    private static final Path APPROVED = Path.of("src/test/resources/dev/slimelab/app/scenes");

    @TempDir private Path folder;

    private TestWindow window = on(Path.of("."));

    @AfterEach
    void close() throws Exception {
        window.close();
    }

    @Test
    void theFirstStart() throws Exception {
        open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        compare("first-start");
    }

    @Test
    void aRunThatTrains() throws Exception {
        FakeRuns.at(folder.resolve("runs/slime-p2"), FakeRuns.spec("slime-p2"), State.TRAINING, 97);
        open();
        until(() -> window.points() == 97);
        compare("live");
    }

    @Test
    void aRunThatFailed() throws Exception {
        FakeRuns.failed(
                folder.resolve("runs/simpo-failed"),
                FakeRuns.spec("simpo-failed"),
                12,
                new Failure(
                        "The loss is not a number at step 12.",
                        "Lower optimization.learningRate, or set optimization.maxGradNorm."),
                List.of("step 10  loss 1.91", "step 11  loss 18.2", "step 12  loss NaN"));
        open();
        until(() -> window.points() == 12);
        until(
                () -> {
                    Trouble trouble = window.model().live().trouble().get();
                    return trouble != null && trouble.logTail().contains("NaN");
                });
        compare("failed");
    }

    @Test
    void theComparison() throws Exception {
        open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        window.robot().interact(() -> window.model().page().set("Compare"));
        until(() -> !window.model().compare().chart().figure().get().isEmpty());
        until(
                () ->
                        window.model().library().rows().stream()
                                .noneMatch(row -> row.run().facts().metrics().isEmpty()));
        compare("compare");
    }

    /// A run that the engine wrote: with alarms, single tokens and answers.
    @Test
    void aRunFromEverySide() throws Exception {
        FakeRuns.recorded(folder.resolve("samples/simpo"), "simpo");
        window = on(folder);
        window.open();
        window.robot().interact(() -> window.model().look(folder.resolve("samples/simpo")));
        LiveViewModel live = window.model().live();
        until(() -> !live.home().figure().get().marks().isEmpty());
        compare("charts");
        window.robot().interact(() -> live.aspect().set(Aspect.TOKENS));
        until(() -> live.tokens().pairs().get() > 0);
        compare("tokens");
        window.robot().interact(() -> live.aspect().set(Aspect.ANSWERS));
        compare("answers");
    }

    @Test
    void aRunThatCanBeChangedWhileItGoesOn() throws Exception {
        FakeRuns.edited(folder.resolve("runs/slime"));
        open();
        LiveViewModel live = window.model().live();
        until(() -> live.modify().checkpoints().get().size() == 2);
        window.robot().interact(() -> live.aspect().set(Aspect.MODIFY));
        compare("modify");
    }

    @Test
    void theDataPage() throws Exception {
        open();
        DataViewModel data = window.model().data();
        window.robot()
                .interact(
                        () -> {
                            window.model().page().set("Data");
                            data.path().set("pairs.jsonl");
                            data.model().set("model");
                        });
        compare("data-empty");
        window.robot().interact(data::inspect);
        until(() -> data.account().get() != null && data.leaf().get() != null);
        compare("data");
    }

    @Test
    void theAblationsOfASample() throws Exception {
        FakeSweep.finished(folder.resolve("samples/table4"));
        open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        window.robot().interact(() -> window.model().page().set("Ablations"));
        until(() -> window.model().ablations().shown().get() != null);
        compare("ablations");
    }

    @Test
    void aGridInTheMaking() throws Exception {
        open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        window.robot().interact(() -> window.model().page().set("Ablations"));
        until(() -> window.model().ablations().editing().get());
        window.robot().interact(() -> window.model().ablations().take(Template.TABLE5));
        until(() -> window.model().ablations().outcome().get().runs() == 15);
        compare("ablations-grid");
    }

    @Test
    void thePlaygroundOfTheSamples() throws Exception {
        open();
        window.robot().interact(() -> window.model().page().set("Playground"));
        until(
                () ->
                        window.model().playground().columns().getFirst().choice().get().state()
                                != null);
        compare("playground-empty");
    }

    @Test
    void thePlayground() throws Exception {
        FakeRuns.played(folder.resolve("runs/played"), 100, 200);
        open();
        window.robot().interact(() -> window.model().page().set("Playground"));
        PlaygroundViewModel playground = window.model().playground();
        until(() -> "step-000200".equals(playground.columns().get(1).choice().get().state()));
        window.robot().interact(playground::generate);
        until(() -> playground.ballot().get().winners().contains(true));
        window.robot().interact(() -> playground.writer().set(1));
        window.robot().interact(() -> playground.difference().set(true));
        until(() -> playground.columns().getFirst().shown().get().picture() != null);
        compare("playground");
    }

    @Test
    void theComposer() throws Exception {
        open();
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        compose();
        compareColumn("composer");
    }

    @Test
    void theComposerWithRealPairs() throws Exception {
        open();
        compose();
        window.click("#measure");
        until(() -> !window.robot().lookup("#evidence .button-icon").queryAll().isEmpty());
        compareColumn("composer-measured");
    }

    @Test
    void theDraftAsTextThatIsWrong() throws Exception {
        open();
        compose();
        window.robot().clickOn("#modeYAML");
        TextInputControl text = window.robot().lookup("#specText").query();
        until(() -> text.getText().contains("p: 2.5"));
        window.robot().interact(() -> text.setText(text.getText().replace("p: 2.5", "p: 9")));
        compareColumn("composer-yaml");
    }

    @Test
    void whatTellsTheDraftFromARun() throws Exception {
        open();
        compose();
        window.robot().clickOn("#modeDifferences");
        window.robot()
                .interact(
                        () -> {
                            ComboBox<?> runs = window.robot().lookup("#differenceFrom").query();
                            runs.getSelectionModel().selectFirst();
                        });
        compareColumn("composer-differences");
    }

    private void compose() {
        until(() -> window.model().live().comparison().get().size() == FakeRuns.SAMPLES.size());
        window.robot().interact(() -> window.model().newRun());
        until(() -> window.robot().lookup("#modelFacts .fact").queryAll().size() > 5);
        until(() -> window.robot().lookup("#measure").tryQuery().isPresent());
    }

    private void open() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        window = on(folder);
        window.open();
        until(
                () ->
                        window.model().list().entries().stream()
                                .noneMatch(run -> run.facts().settings().isEmpty()));
    }

    /// At a moment that does not pass, so that no heart stops beating.
    private static TestWindow on(Path folder) {
        return new TestWindow(
                folder,
                FakeEngine.processes(folder.resolve("runs")),
                FakeRuns.spec("slime"),
                Clock.fixed(Instant.now(), ZoneOffset.UTC));
    }

    private void compare(String name) throws IOException {
        compare(name, ".window");
    }

    /// Whether the right column, which is filled on a worker, says what is shown.
    private boolean isInspected() {
        List<String> shown =
                window.model().list().shown().get().stream()
                        .map(window.model().list()::entry)
                        .filter(run -> run != null && run.spec() != null)
                        .map(run -> Objects.requireNonNull(run).name())
                        .toList();
        return window.model().inspector().content().get().runs().equals(shown);
    }

    private void compareColumn(String name) throws IOException {
        compare(name, "#composer");
    }

    private void compare(String name, String part) throws IOException {
        until(() -> window.model().background().activity().get().isEmpty());
        until(this::isInspected);
        WaitForAsyncUtils.waitForFxEvents();
        Node root = window.robot().lookup(part).query();
        assertThat(SceneText.nameless(root)).as("controls without a name").isEmpty();
        String seen = SceneText.of(root).replace(folder.toString(), "FOLDER");
        Path approved = APPROVED.resolve(name + ".txt");
        if (Boolean.getBoolean("approve")) {
            Files.createDirectories(APPROVED);
            Files.writeString(approved, seen);
        }
        assertThat(seen)
                .as("%s; where the change is meant, see SceneTest", approved)
                .isEqualTo(Files.readString(approved));
    }
}
