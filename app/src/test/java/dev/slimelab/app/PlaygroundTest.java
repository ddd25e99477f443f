package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;
import static dev.slimelab.app.TestWindow.untilOnDisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.playground.PlayColumn;
import dev.slimelab.app.playground.PlayColumn.Shown;
import dev.slimelab.app.playground.PlaygroundViewModel;
import dev.slimelab.app.playground.PlaygroundViewModel.Face;
import dev.slimelab.engine.run.RunDirectory;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// A person at the playground, with a server that only says its models' names. All tests share one
/// window, and so the servers that they do not have to start again.
class PlaygroundTest {
    @TempDir private static Path folder;

    private static TestWindow window = on(Path.of("."));

    @BeforeAll
    static void open() throws Exception {
        FakeRuns.writeSamples(folder.resolve("samples"));
        run("trained", 100, 200);
        window = on(folder);
        window.open();
        window.robot().interact(() -> window.model().page().set("Playground"));
        until(() -> state(0).equals("base") && state(1).equals("step-000200"));
        assertThat(model().prompt().get()).as("of the run").isEqualTo("Add 1 and 2.");
    }

    /// As it opened: on the run before and after its training, with the first prompt of the run.
    @BeforeEach
    void clear() throws IOException {
        Files.deleteIfExists(folder.resolve("runs/votes.jsonl"));
        window.robot()
                .interact(
                        () -> {
                            while (model().columns().size() > PlaygroundViewModel.FEWEST) {
                                model().remove(model().columns().getLast());
                            }
                            model().prompt().set("Add 1 and 2.");
                            model().chat().set(true);
                            model().writer().set(PlaygroundViewModel.OWN);
                            model().difference().set(false);
                        });
        choose(0, "trained", "base");
        choose(1, "trained", "step-000200");
    }

    @AfterAll
    static void close() throws Exception {
        window.close();
    }

    private static TestWindow on(Path folder) {
        return new TestWindow(
                folder, FakeEngine.processes(folder.resolve("runs")), FakeRuns.spec("slime"));
    }

    private static Path run(String name, int... steps) {
        return FakeRuns.played(folder.resolve("runs").resolve(name), steps).path();
    }

    @Test
    void modelsWriteSideBySideAndTheBetterAnswerIsSaved() throws IOException {
        generate();
        assertThat(model().columns())
                .extracting(PlayColumn::text)
                .containsExactly("base", "step-000200");
        Shown first = column(0).shown().get();
        assertThat(first.facts())
                .containsExactly(
                        new PlayColumn.Fact("−0.500", "nat per token"),
                        new PlayColumn.Fact("2", "tokens"),
                        new PlayColumn.Fact("", "ended by its end token"));
        assertThat(
                        Objects.requireNonNull(first.picture())
                                .answers()
                                .getFirst()
                                .cells()
                                .getFirst()
                                .facts())
                .containsEntry("log-prob", "−0.250 nat")
                .containsEntry("or “·or”", "8.21" + Numbers.NARROW_SPACE + "%");

        window.robot().clickOn("#voteB");
        until(() -> words("#voteHint").contains("votes.jsonl has 1 pair now"));
        assertThat(button("#voteA").isDisabled()).isTrue();
        JsonNode row = votes().getFirst();
        assertThat(row.at("/prompt/0/content").asString()).isEqualTo("Add 1 and 2.");
        assertThat(row.at("/chosen/0/content").asString()).isEqualTo("step-000200");
        assertThat(row.at("/rejected/0/content").asString()).isEqualTo("base");
        assertThat(row.at("/chosen_model").asString()).isEqualTo("trained@step-000200");
        assertThat(row.at("/rejected_finish").asString()).isEqualTo("stop");
        assertThat(row.at("/seed").asLong()).isZero();
    }

    /// The best of three is better than each of the others; keys do what buttons do.
    @Test
    void theBestOfSeveralMakesAPairWithEachOther() throws IOException {
        window.robot().clickOn("#addColumn");
        choose(2, "trained", "step-000100");
        window.robot().clickOn("#modeText");
        window.robot().clickOn("#prompt");
        window.robot().push(KeyCode.CONTROL, KeyCode.ENTER);
        until(() -> model().ballot().get().winners().contains(true));
        until(() -> words("#voteHint").contains("A, B, C were cut at max_tokens"));
        window.robot().push(KeyCode.CONTROL, KeyCode.DIGIT3);
        until(() -> words("#voteHint").contains("2 pairs"));
        assertThat(votes())
                .extracting(row -> row.at("/chosen").asString())
                .containsExactly("step-000100", "step-000100");
        assertThat(votes())
                .extracting(row -> row.at("/rejected").asString())
                .containsExactly("base", "step-000200");
        assertThat(votes())
                .extracting(row -> row.at("/prompt").asString())
                .containsOnly("Add 1 and 2.");

        generate();
        window.robot().push(KeyCode.CONTROL, KeyCode.DIGIT5);
        until(() -> words("#voteHint").contains("nothing was saved"));
        assertThat(votes()).hasSize(2);
    }

    @Test
    void equalAnswersCannotBeVotedOn() {
        window.robot().interact(() -> model().prompt().set("same"));
        window.robot().interact(model()::generate);
        until(() -> words("#voteHint").contains("the same text"));
        assertThat(button("#voteA").isDisabled()).isTrue();
        assertThat(folder.resolve("runs/votes.jsonl")).doesNotExist();
    }

    @Test
    void everyModelReadsTheAnswerOfOne() {
        generate();
        window.robot().interact(() -> model().writer().set(1));
        until(() -> column(0).shown().get().picture() != null);
        assertThat(values(0)).containsExactly(-1.25, -1.75);
        assertThat(values(1)).containsExactly(-0.25, -0.75);
        window.robot().clickOn("#difference");
        until(() -> values(1).equals(List.of(1.0, 1.0)));
        assertThat(column(1).shown().get().facts())
                .contains(new PlayColumn.Fact("+2.00", "nat in all against A"));
        assertThat(model().legend().get().words()).contains("against A");
    }

    @Test
    void modelsOfOtherTokensAreNotCompared() throws IOException {
        choose(1, run("other", 5), "step-000005");
        generate();
        window.robot().interact(() -> model().writer().set(0));
        until(() -> column(1).shown().get().isTrouble());
        assertThat(column(1).shown().get().instead())
                .contains("into other tokens than the one of A");
    }

    @Test
    void whatTheServerSaysIsShown() throws IOException {
        window.robot().interact(() -> model().prompt().set("too long"));
        window.robot().interact(model()::generate);
        until(() -> column(0).shown().get().isTrouble());
        assertThat(column(0).shown().get().instead()).contains("256 positions");

        choose(1, run("silent", 5), "step-000005");
        window.robot().interact(model()::generate);
        until(() -> model().problem().get() != null);
        assertThat(words("#playComplaint"))
                .contains("silent@step-000005 holds no model. Name a folder that does.");
        assertThat(model().face().get()).isEqualTo(Face.IDLE);

        String before = text("#play-temperature").getText();
        window.robot().interact(() -> text("#play-temperature").setText("hot"));
        until(() -> words("#playComplaint").contains("temperature is “hot”. Divides the logits."));
        window.robot().interact(() -> text("#play-temperature").setText(before));
    }

    @Test
    void whatIsBeingWrittenCanBeStopped() throws IOException {
        choose(1, run("slow", 5), "step-000005");
        window.robot().interact(model()::generate);
        until(() -> column(1).text().equals("One"));
        assertThat(model().face().get()).isEqualTo(Face.WRITING);
        window.robot().push(KeyCode.CONTROL, KeyCode.PERIOD);
        until(() -> model().face().get() == Face.IDLE);
        assertThat(column(1).shown().get().facts()).contains(new PlayColumn.Fact("", "stopped"));
        until(() -> words("#voteHint").contains("when two are whole"));
    }

    /// A window that is closed leaves no server; neither does one that nobody asks any more.
    @Test
    void theServerEndsWithTheWindow() throws Exception {
        Set<ProcessHandle> before = children();
        choose(1, "trained", "step-000100"); // which no server has yet
        generate();
        Set<ProcessHandle> servers = children();
        servers.removeAll(before);
        assertThat(servers).isNotEmpty();
        window.close();
        untilOnDisk(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
        window.open();
        until(() -> state(1).equals("step-000200"));
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    @Test
    void anotherCheckpointIsFoundWhileTheRunGoesOn() throws IOException {
        choose(1, run("growing", 5), "step-000005");
        Files.createDirectories(
                new RunDirectory(folder.resolve("runs/growing")).checkpoints().at(300).adapter());
        until(() -> column(1).choice().get().states().contains("step-000300"));
        assertThat(state(1)).isEqualTo("step-000005");
    }

    private void generate() {
        window.robot().clickOn("#generate");
        until(
                () ->
                        model().face().get() == Face.IDLE
                                && model().columns().stream().noneMatch(c -> c.text().isEmpty()));
    }

    private static void choose(int index, String run, String state) {
        choose(index, folder.resolve("runs").resolve(run), state);
    }

    private static void choose(int index, Path path, String state) {
        window.robot().interact(() -> model().choose(column(index), path));
        until(() -> column(index).choice().get().states().contains(state));
        window.robot().interact(() -> model().choose(column(index), state));
    }

    private List<Double> values(int index) {
        var picture = column(index).shown().get().picture();
        return picture == null
                ? List.of()
                : picture.answers().getFirst().cells().stream().map(cell -> cell.value()).toList();
    }

    private static PlaygroundViewModel model() {
        return window.model().playground();
    }

    private static PlayColumn column(int index) {
        return model().columns().get(index);
    }

    private static String state(int index) {
        return Objects.requireNonNullElse(column(index).choice().get().state(), "");
    }

    private List<JsonNode> votes() throws IOException {
        return Files.readAllLines(folder.resolve("runs/votes.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private String words(String id) {
        return window.robot().lookup(id).queryAs(Label.class).getText();
    }

    private TextInputControl text(String id) {
        return window.robot().lookup(id).queryTextInputControl();
    }

    private Button button(String id) {
        return window.robot().lookup(id).queryAs(Button.class);
    }
}
