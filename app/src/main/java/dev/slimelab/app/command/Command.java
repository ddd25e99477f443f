package dev.slimelab.app.command;

import dev.slimelab.app.look.Icons;

import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;

import org.kordamp.ikonli.feather.Feather;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Something that the window can be told to do. Its button, its keys, its line in the palette and
/// in the help are all made of this.
///
/// @param words what it does, as its button says
/// @param shortcuts its keys, the one that is shown first; empty where it has none
/// @param obstacle why it cannot be done now, in a sentence; empty where it can
public record Command(
        String words,
        Feather icon,
        Group group,
        List<Shortcut> shortcuts,
        Supplier<String> obstacle,
        Runnable action)
        implements Runnable {
    /// What a command is about, in the order of the help.
    public enum Group {
        PAGES("Pages"),
        RUNS("Runs"),
        SIDES("A run from its sides"),
        COMPOSER("Composer"),
        CHARTS("Charts"),
        PLAYGROUND("Playground"),
        /// These work while the palette, the help or the settings are open.
        WINDOW("Window");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        /// One that can always be done.
        ///
        /// @param keys as [Shortcut] reads them
        public Command command(Feather icon, String words, Runnable action, String... keys) {
            List<Shortcut> shortcuts = Arrays.stream(keys).map(Shortcut::new).toList();
            return new Command(words, icon, this, shortcuts, () -> "", action);
        }
    }

    public Command {
        shortcuts = List.copyOf(shortcuts);
    }

    /// One that something can stand in the way of.
    public Command unless(Supplier<String> reason) {
        return new Command(words, icon, group, shortcuts, reason, action);
    }

    public boolean canRun() {
        return obstacle.get().isEmpty();
    }

    /// Does it, unless something stands in the way.
    @Override
    public void run() {
        if (canRun()) {
            action.run();
        }
    }

    /// The key that is shown; empty where there is none.
    public String key() {
        return shortcuts.isEmpty() ? "" : shortcuts.getFirst().toString();
    }

    /// With icon and words.
    public Button button() {
        return pressing(Icons.button(icon, words, key()));
    }

    /// Only the icon; the words are read aloud and shown on hover.
    public Button iconButton() {
        return pressing(Icons.iconButton(icon, words, key()));
    }

    private Button pressing(Button button) {
        button.setOnAction(_ -> run());
        return button;
    }

    /// For a control that does more than this command, or has words of its own.
    public Tooltip tooltip(String help) {
        return new Tooltip(key().isEmpty() ? help : help + "  " + key());
    }
}
