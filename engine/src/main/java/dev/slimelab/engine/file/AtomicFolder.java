package dev.slimelab.engine.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Folders that appear whole or not at all: written aside, forced to the disk, renamed.
///
/// A folder may carry the SHA-256 of its files in a `SHA256SUMS`, as `sha256sum` writes and checks
/// it.
public final class AtomicFolder {
    /// What the name of a folder ends in while it is written; whatever is found under such a name
    /// was never finished.
    public static final String ASIDE = ".part";

    private static final String SUMS = "SHA256SUMS";

    private AtomicFolder() {}

    /// Writes a folder without sums.
    ///
    /// @param folder must not exist; its parent must
    /// @param content writes files into the folder it is given, and forces each to the disk, as
    ///   [AtomicFile] and [Disk#copy] do
    public static void write(Path folder, Consumer<Path> content) {
        Path target = folder.toAbsolutePath();
        Path aside = target.resolveSibling(target.getFileName() + ASIDE);
        Disk.delete(aside);
        try {
            Files.createDirectory(aside);
            content.accept(aside);
            Disk.folders(aside).forEach(Disk::forceNames);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Disk.unwritable(folder, e);
        } finally {
            Disk.delete(aside); // where the content failed
        }
        Disk.forceNames(target.resolveSibling(""));
    }

    /// The same with the sums of all files.
    public static void writeWithSums(Path folder, Consumer<Path> content) {
        write(
                folder,
                aside -> {
                    content.accept(aside);
                    AtomicFile.write(aside.resolve(SUMS), sums(aside));
                });
    }

    /// What is wrong with a folder of [#writeWithSums], in words; null where every file is as it
    /// was written.
    public static @Nullable String damage(Path folder) {
        try {
            Map<String, String> sums = new TreeMap<>();
            for (String line : Files.readAllLines(folder.resolve(SUMS))) {
                sums.put(line.substring(line.indexOf(' ') + 1).strip(), line);
            }
            for (Path file : Disk.files(folder)) {
                String name = name(folder, file);
                String line = sums.remove(name);
                if (!name.equals(SUMS)
                        && (line == null || !line.startsWith(Sha256.of(file) + " "))) {
                    return name + " is not what was written";
                }
            }
            return sums.isEmpty() ? null : sums.keySet().iterator().next() + " is missing";
        } catch (IOException e) {
            return SUMS + " cannot be read";
        }
    }

    private static String sums(Path folder) {
        return Disk.files(folder).stream()
                .map(file -> sum(file) + "  " + name(folder, file) + "\n")
                .collect(Collectors.joining());
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static String sum(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
