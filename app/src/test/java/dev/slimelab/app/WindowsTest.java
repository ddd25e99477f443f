package dev.slimelab.app;

import static dev.slimelab.app.TestWindow.until;
import static dev.slimelab.app.TestWindow.untilOnDisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.library.RunItem;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.window.BuiltIn;
import dev.slimelab.app.window.Memory;
import dev.slimelab.app.window.Opening;
import dev.slimelab.app.window.WindowViewModel;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.RunQueue;
import dev.slimelab.engine.run.RunDirectory;
import dev.slimelab.engine.run.RunStatus;
import dev.slimelab.engine.run.RunStatus.State;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Several windows on the same folder, and one that is killed: no run, draft or note comes to harm.
class WindowsTest {
    @TempDir private Path folder;

    private final List<WindowViewModel> open = new ArrayList<>();

    /// A window without its view.
    private WindowViewModel open() throws Exception {
        FxToolkit.registerPrimaryStage();
        Clock clock = Clock.systemUTC();
        RunReader reader =
                new RunReader(
                        new RunLibrary(folder.resolve("runs"), folder.resolve("samples"), clock),
                        clock);
        Memory memory = Memory.of(folder.resolve("window.json"));
        WindowViewModel window =
                WaitForAsyncUtils.asyncFx(
                                () ->
                                        new WindowViewModel(
                                                Background.ofTheWindow(),
                                                reader,
                                                engines(),
                                                new BuiltIn(
                                                        FakeRuns.spec("slime"),
                                                        folder.resolve("templates")),
                                                memory))
                        .get();
        open.add(window);
        act(() -> window.open(Opening.LATEST));
        until(() -> window.list().loaded().get());
        return window;
    }

    private EngineProcess engines() {
        return FakeEngine.processes(folder.resolve("runs"));
    }

    private static void act(Runnable action) throws Exception {
        WaitForAsyncUtils.asyncFx(action).get();
    }

    private void closeAll() throws Exception {
        for (WindowViewModel window : open) {
            act(window::close);
        }
        open.clear();
    }

    @AfterEach
    void close() throws Exception {
        closeAll();
        new TestWindow(folder, engines(), FakeRuns.spec("slime")).endEngines();
    }

    @Test
    void theSecondSaysSoAndKeepsADraftOfItsOwn() throws Exception {
        WindowViewModel first = open();
        WindowViewModel second = open();
        assertThat(first.news().get()).isEmpty();
        assertThat(second.news().get()).startsWith("SlimeLab is open already.");
        name(first, "one");
        name(second, "two");
        closeAll();
        WindowViewModel again = open();
        WindowViewModel beside = open();
        until(() -> "one".equals(draft(again)) && "two".equals(draft(beside)));
    }

    private static void name(WindowViewModel window, String name) throws Exception {
        RunSpec named = SpecJson.changed(FakeRuns.spec("slime"), List.of("name=" + name));
        act(() -> window.composer().open(named));
    }

    private static String draft(WindowViewModel window) {
        return window.composer().draft().get().text("name");
    }

    @Test
    void theSameDraftStartedTwiceIsTwoRuns() throws Exception {
        WindowViewModel first = open();
        WindowViewModel second = open();
        act(first::newRun);
        act(second::newRun);
        act(
                () -> {
                    first.start();
                    second.start();
                });
        until(() -> first.list().entries().size() == 2 && second.list().entries().size() == 2);
        for (String run : List.of("slime", "slime-2")) {
            Path metrics = new RunDirectory(folder.resolve("runs").resolve(run)).metrics();
            untilOnDisk(() -> Files.exists(metrics));
        }
    }

    @Test
    void tagsOfOneAndTheNoteOfTheOtherAreBothKept() throws Exception {
        FakeRuns.finished(
                folder.resolve("runs/mine"),
                FakeRuns.spec("slime"),
                new FakeRuns.Course(-0.1, -0.5, 8, 7));
        WindowViewModel first = open();
        WindowViewModel second = open();
        act(
                () -> {
                    select(first);
                    first.library().tag("good");
                });
        Path notes = folder.resolve("runs/mine/notes.json");
        untilOnDisk(() -> Files.exists(notes) && Files.readString(notes).contains("good"));
        act( // which the second need not have noticed
                () -> {
                    select(second);
                    second.library().annotate("keep");
                });
        for (WindowViewModel window : List.of(first, second)) {
            until(
                    () -> {
                        RunItem row = window.library().rows().getFirst();
                        return row.run().notes().tags().contains("good")
                                && row.run().notes().note().equals("keep");
                    });
        }
    }

    private static void select(WindowViewModel window) {
        window.library().selection().set(List.of(window.library().rows().getFirst()));
    }

    /// The step of 1 is written by whoever trains: twice where two did.
    @Test
    void aQueueThatTwoWindowsWorkOffTrainsEveryRunOnce() throws Exception {
        Path sweep = folder.resolve("runs/table4");
        FakeSweep.queued(sweep);
        RunQueue queue = new RunQueue(sweep);
        engines().workOff(queue);
        engines().workOff(queue);
        untilOnDisk(
                () -> queue.entries().stream().allMatch(e -> e.state() == Entry.State.FINISHED));
        assertThat(queue.entries()).hasSize(18);
        for (Entry entry : queue.entries()) {
            Path run = sweep.resolve(entry.request().run());
            assertThat(firstSteps(new RunDirectory(run))).isEqualTo(1);
        }
    }

    private static long firstSteps(RunDirectory run) throws IOException {
        return Files.readAllLines(run.metrics()).stream()
                .filter(line -> line.contains("\"step\":1,"))
                .count();
    }

    @Test
    void aKilledWindowHarmsNeitherTheRunNorTheDraft() throws Exception {
        Process window = WindowsTest.start(folder);
        try {
            untilOnDisk(() -> Files.exists(folder.resolve("trains")) || !window.isAlive());
            assertThat(window.isAlive()).as(said(folder)).isTrue();
        } finally {
            window.destroyForcibly().waitFor();
        }
        RunDirectory run = new RunDirectory(folder.resolve("runs/slime"));
        RunStatus before = status(run);
        assertThat(before.state().isFinal()).isFalse();
        untilOnDisk(() -> status(run).state() == State.FINISHED);
        assertThat(firstSteps(run)).isEqualTo(1);
        WindowViewModel next = open();
        assertThat(next.news().get()).isEmpty(); // the killed one has left its seat
        until(() -> "left-behind".equals(draft(next)));
        until(
                () ->
                        next.current().get() != null
                                && Objects.requireNonNull(next.current().get())
                                        .name()
                                        .equals("slime"));
    }

    private static RunStatus status(RunDirectory run) {
        return Objects.requireNonNull(RunStatus.read(run.status(), Instant.now()));
    }

    private static Process start(Path folder) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        WindowProcess.class.getName(),
                        folder.toString(),
                        RealEngineTest.engineClasspath()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start();
    }

    private static String said(Path folder) throws IOException {
        return Files.readString(folder.resolve("said.txt"));
    }
}
