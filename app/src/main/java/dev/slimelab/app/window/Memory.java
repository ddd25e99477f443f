package dev.slimelab.app.window;

import dev.slimelab.engine.file.HeldFile;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

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
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What the window remembers from one start to the next: which page, which columns, which size of
/// text. A flat JSON object of words, one file per person; a file that cannot be read is as good as
/// none.
///
/// Several windows may be open on it: each writes only the words that it changed, and has a
/// [#seat()] of its own for what cannot be shared.
public final class Memory implements AutoCloseable {
    private static final int SEATS = 64;

    private final Path file;
    private final Map<String, String> words;
    private final Map<String, String> changed = new TreeMap<>();
    private final Map<String, StringProperty> properties = new HashMap<>();
    private final Seat seat;
    private Consumer<Runnable> writer = _ -> {};

    /// A place among the windows that are open, that it holds: a window that crashes frees it.
    ///
    /// @param held null where the folder cannot be written, or has no locks
    private record Seat(int number, @Nullable HeldFile held) {}

    private Memory(Path file, Map<String, String> words, Seat seat) {
        this.file = file;
        this.words = new TreeMap<>(words);
        this.seat = seat;
    }

    /// Reads the disk: not to be called on the window's thread.
    public static Memory of(Path file) {
        return new Memory(file, read(file), seat(file));
    }

    private static Map<String, String> read(Path file) {
        try {
            return JsonMapper.shared().readValue(Files.readString(file), new TypeReference<>() {});
        } catch (IOException | JacksonException _) {
            return Map.of();
        }
    }

    /// The first seat that no other window has.
    private static Seat seat(Path file) {
        for (int number = 1; number <= SEATS; number++) {
            Path place = file.resolveSibling(file.getFileName() + ".seat" + number);
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                HeldFile held = HeldFile.tryTake(place);
                if (held != null) {
                    return new Seat(number, held);
                }
            } catch (IOException _) {
                return new Seat(1, null); // nothing can be kept here, so nothing can be disturbed
            }
        }
        return new Seat(SEATS, null);
    }

    /// Which of the windows that are open this one is, from 1.
    public int seat() {
        return seat.number();
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

    /// Where else a person's things may be kept.
    public Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
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
        synchronized (changed) {
            changed.put(key, word);
        }
        writer.accept(this::write);
    }

    /// One write at a time; what has changed meanwhile is written by the next.
    private synchronized void write() {
        Map<String, String> mine;
        synchronized (changed) {
            mine = Map.copyOf(changed);
            changed.clear();
        }
        Map<String, String> all = new TreeMap<>(read(file));
        all.putAll(mine);
        Path aside = file.resolveSibling(file.getFileName() + ".new" + seat.number());
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

    /// Leaves the seat to the next window.
    @Override
    public void close() {
        if (seat.held() != null) {
            seat.held().close();
        }
    }
}
