package dev.slimelab.app.command;

import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyCombination.Modifier;
import javafx.scene.input.KeyEvent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A key with its modifiers, as it is written: `N`, `Ctrl+Shift+P`, `Ctrl+Plus`, `F1`. Ctrl is the
/// command key on a Mac.
///
/// @param words as they are shown
public record Shortcut(String words) {
    private static final String CONTROL = "Ctrl";
    private static final String SHIFT = "Shift";

    /// @throws IllegalArgumentException where no keyboard has such a key
    public Shortcut {
        if (combinations(words).isEmpty()) {
            throw new IllegalArgumentException("No key is called " + words);
        }
    }

    public boolean matches(KeyEvent event) {
        return combinations(words).stream().anyMatch(keys -> keys.match(event));
    }

    /// Whether it would write something, or move within a text, where a text has the focus.
    public boolean isTyped() {
        return !words.startsWith(CONTROL + "+") && !words.matches("F\\d+");
    }

    public boolean isSpace() {
        return words.equals("Space");
    }

    private static List<KeyCombination> combinations(String words) {
        List<String> parts = Arrays.asList(words.split("\\+", -1));
        List<Modifier> modifiers = new ArrayList<>();
        if (parts.contains(CONTROL)) {
            modifiers.add(KeyCombination.SHORTCUT_DOWN);
        }
        if (parts.contains(SHIFT)) {
            modifiers.add(KeyCombination.SHIFT_DOWN);
        } else if (parts.getLast().equals("Plus")) {
            modifiers.add(KeyCombination.SHIFT_ANY); // on most keyboards above the equals sign
        }
        Modifier[] held = modifiers.toArray(Modifier[]::new);
        return codes(parts.getLast()).stream()
                .<KeyCombination>map(code -> new KeyCodeCombination(code, held))
                .toList();
    }

    /// The keys that bear a name, also those of the number pad.
    private static List<KeyCode> codes(String key) {
        return switch (key) {
            case "Plus" -> List.of(KeyCode.PLUS, KeyCode.EQUALS, KeyCode.ADD);
            case "Minus" -> List.of(KeyCode.MINUS, KeyCode.SUBTRACT);
            case "Esc" -> List.of(KeyCode.ESCAPE);
            case "." -> List.of(KeyCode.PERIOD);
            case "," -> List.of(KeyCode.COMMA);
            case "/" -> List.of(KeyCode.SLASH, KeyCode.DIVIDE);
            default -> {
                KeyCode code = KeyCode.getKeyCode(key);
                yield code == null
                        ? List.of()
                        : code.isDigitKey()
                                ? List.of(code, KeyCode.valueOf("NUMPAD" + key))
                                : List.of(code);
            }
        };
    }

    @Override
    public String toString() {
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
        return mac ? words.replace(CONTROL + "+", "⌘").replace(SHIFT + "+", "⇧") : words;
    }
}
