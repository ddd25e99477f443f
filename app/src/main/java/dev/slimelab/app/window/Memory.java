package dev.slimelab.app.window;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What the window remembers from one start to the next: which page, which columns. A flat JSON
/// object of words, one file per person; a file that cannot be read is as good as none.
public final class Memory {
    private final Path file;
    private final Map<String, String> words;
    private final Map<String, StringProperty> properties = new HashMap<>();
    private Consumer<Runnable> writer = _ -> {};

    private Memory(Path file, Map<String, String> words) {
        this.file = file;
        this.words = new TreeMap<>(words);
    }

    /// Reads the disk: not to be called on the window's thread.
    public static Memory of(Path file) {
        return new Memory(file, read(file));
    }

    private static Map<String, String> read(Path file) {
        try {
            return JsonMapper.shared().readValue(Files.readString(file), new TypeReference<>() {});
        } catch (IOException | JacksonException _) {
            return Map.of();
        }
    }

    /// Where a person's window keeps its memory, by the custom of the operating system.
    static Path usualPlace() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        Path home = Path.of(System.getProperty("user.home", ""));
        Path configuration =
                system.startsWith("windows")
                        ? environment("APPDATA", home.resolve("AppData/Roaming"))
                        : system.startsWith("mac")
                                ? home.resolve("Library/Application Support")
                                : environment("XDG_CONFIG_HOME", home.resolve(".config"));
        return configuration.resolve("slimelab").resolve("window.json");
    }

    private static Path environment(String name, Path otherwise) {
        String set = System.getenv(name);
        return set == null || set.isEmpty() ? otherwise : Path.of(set);
    }

    /// Who writes what has changed, off the window's thread.
    void writeWith(Consumer<Runnable> background) {
        writer = background;
    }

    /// A word to bind to; its changes are kept.
    public StringProperty word(String key, String otherwise) {
        return properties.computeIfAbsent(
                key,
                _ -> {
                    StringProperty property =
                            new SimpleStringProperty(words.getOrDefault(key, otherwise));
                    property.subscribe((_, now) -> keep(key, now));
                    return property;
                });
    }

    private void keep(String key, String word) {
        words.put(key, word);
        Map<String, String> all = new TreeMap<>(words);
        writer.accept(() -> write(all));
    }

    private void write(Map<String, String> all) {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    aside,
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all));
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
