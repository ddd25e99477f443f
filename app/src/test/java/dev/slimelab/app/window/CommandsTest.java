package dev.slimelab.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.app.FakeRuns;
import dev.slimelab.app.background.Background;
import dev.slimelab.app.command.Command;
import dev.slimelab.app.command.Command.Group;
import dev.slimelab.app.command.Shortcut;
import dev.slimelab.app.library.RunLibrary;
import dev.slimelab.app.live.EngineProcess;
import dev.slimelab.app.live.RunReader;
import dev.slimelab.app.look.Fonts;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/// The one list of what the window can do.
class CommandsTest {
    @TempDir private Path folder;

    private List<Command> commands = List.of();
    private @Nullable WindowViewModel opened;

    @BeforeEach
    void open() throws Exception {
        FxToolkit.registerPrimaryStage();
        Fonts.registerForWindow();
        WindowViewModel model = wired(folder);
        opened = model;
        commands = WaitForAsyncUtils.asyncFx(() -> new WindowView(model).commands().all()).get();
    }

    private static WindowViewModel wired(Path folder) {
        Clock clock = Clock.systemUTC();
        return new WindowViewModel(
                Background.ofTheWindow(),
                new RunReader(new RunLibrary(folder, folder.resolve("samples"), clock), clock),
                EngineProcess.ofThisInstallation(folder),
                new BuiltIn(FakeRuns.spec("slime"), folder),
                Memory.of(folder.resolve("window.json")));
    }

    private WindowViewModel model() {
        return Objects.requireNonNull(opened);
    }

    @AfterEach
    void close() {
        model().close();
    }

    /// A key may mean one thing on a page and another elsewhere.
    @Test
    void noKeySetsOffTwoAndNoTwoHaveTheSameWords() {
        assertThat(commands.stream().filter(command -> command.group() != Group.PLAYGROUND))
                .flatExtracting(Command::shortcuts)
                .extracting(Shortcut::words)
                .doesNotHaveDuplicates()
                .contains("N", "Ctrl+Enter", "Space", "Ctrl+.", "F", "/", "O", "L", "S", "R", "E")
                .contains("Ctrl+Z", "Ctrl+Y", "F1", "Ctrl+K", "1", "2", "3", "4");
        assertThat(commands).extracting(Command::words).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeDoneSaysWhyAndIsNotDone() {
        Command stop = named("Stop");
        assertThat(stop.canRun()).isFalse();
        assertThat(stop.obstacle().get()).isEqualTo("No run is chosen.");
        stop.run();
        assertThat(model().pending().get()).isNull();
        assertThat(named("Compare samples").obstacle().get()).isEqualTo("There are no samples.");
        assertThat(named("New run").canRun()).isTrue();
        assertThat(commands)
                .filteredOn(command -> !command.canRun())
                .allSatisfy(command -> assertThat(command.obstacle().get()).endsWith("."));
    }

    private Command named(String words) {
        return commands.stream()
                .filter(command -> command.words().equals(words))
                .findFirst()
                .orElseThrow();
    }
}
