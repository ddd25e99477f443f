package dev.slimelab.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.app.command.Command.Group;

import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.List;

class CommandTest {
    private final List<String> done = new ArrayList<>();
    private final List<Command> commands =
            List.of(
                    command("New run"),
                    command("Export figure"),
                    command("Pause or resume"),
                    command("Use as new run"),
                    command("Stop").unless(() -> "No run is chosen."));

    private Command command(String words) {
        return Group.RUNS.command(Feather.PLUS, words, () -> done.add(words));
    }

    /// `nr` are two beginnings of words in "New run"; in "Use as new run" they are as well, but its
    /// words are more.
    @ParameterizedTest
    @CsvSource({
        "'', New run",
        "ef, Export figure",
        "figure, Export figure",
        "nr, New run",
        "resume, Pause or resume",
        "PAUSE, Pause or resume",
        "use new, Use as new run",
        "stp, Stop"
    })
    void someLettersFindACommand(String letters, String words) {
        assertThat(CommandSearch.of(letters, commands).getFirst().words()).isEqualTo(words);
    }

    @Test
    void otherLettersFindNothingAndAGroupFindsAllOfIt() {
        assertThat(CommandSearch.of("xyz", commands)).isEmpty();
        assertThat(CommandSearch.of("runs", commands)).hasSize(commands.size());
    }

    @Test
    void thePaletteRunsWhatIsChosenAndNotWhatCannotBeDone() {
        PaletteViewModel palette = new PaletteViewModel(() -> commands, () -> done.add("closed"));
        palette.open();
        palette.walk(1);
        palette.run();
        assertThat(done).containsExactly("closed", "Export figure");
        palette.query().set("stop");
        assertThat(palette.found())
                .extracting(PaletteViewModel.Line::obstacle)
                .containsExactly("No run is chosen.");
        palette.run();
        palette.query().set("nothing like this");
        assertThat(palette.chosen().get()).isNull();
        palette.walk(-1);
        palette.run();
        assertThat(done).hasSize(2);
    }

    @Test
    void aKeyIsReadAsItIsWritten() {
        assertThat(new Shortcut("N").matches(pressed(KeyCode.N, false, false))).isTrue();
        assertThat(new Shortcut("N").matches(pressed(KeyCode.N, true, false))).isFalse();
        Shortcut palette = new Shortcut("Ctrl+Shift+P");
        assertThat(palette.matches(pressed(KeyCode.P, true, true))).isTrue();
        assertThat(palette.matches(pressed(KeyCode.P, true, false))).isFalse();
        Shortcut larger = new Shortcut("Ctrl+Plus");
        assertThat(larger.matches(pressed(KeyCode.EQUALS, true, true))).isTrue();
        assertThat(larger.matches(pressed(KeyCode.ADD, true, false))).isTrue();
        assertThat(new Shortcut("Ctrl+0").matches(pressed(KeyCode.NUMPAD0, true, false))).isTrue();
        assertThat(new Shortcut("/").isTyped()).isTrue();
        assertThat(new Shortcut("F1").isTyped()).isFalse();
        assertThat(new Shortcut("F").isTyped()).isTrue();
        assertThat(larger.isTyped()).isFalse();
        assertThatThrownBy(() -> new Shortcut("Ctrl+Nope")).hasMessageContaining("Nope");
    }

    private static KeyEvent pressed(KeyCode code, boolean control, boolean shift) {
        return new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, shift, control, false, false);
    }
}
