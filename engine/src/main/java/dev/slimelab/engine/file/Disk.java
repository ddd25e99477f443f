package dev.slimelab.engine.file;

import dev.slimelab.engine.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the JDK leaves out: files that survive a power cut, and folders as a whole.
public final class Disk {
    private Disk() {}

    /// Returns when what was written to a file so far, by anyone, is on the disk. Nothing where
    /// there is no such file.
    public static void force(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// The same for the names in a folder, where the system can do that: Windows cannot open a
    /// folder and keeps names by itself.
    public static void forceNames(Path folder) {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException e) {
                throw unwritable(folder, e);
            }
        }
    }

    /// Every regular file below a folder, sorted.
    public static List<Path> files(Path folder) {
        return below(folder, Files::isRegularFile);
    }

    /// A folder and every folder below it, sorted.
    static List<Path> folders(Path folder) {
        return below(folder, Files::isDirectory);
    }

    private static List<Path> below(Path folder, Predicate<Path> which) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(which).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a folder and all that is in it; nothing where there is none.
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /// Copies a file, or a folder and all that is in it, to where nothing is yet, and forces the
    /// copies to the disk.
    public static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path copy = to.resolve(from.relativize(each).toString());
                Files.copy(each, copy);
                if (Files.isRegularFile(copy)) {
                    force(copy);
                }
            }
        } catch (IOException e) {
            throw unwritable(to, e);
        }
    }

    static Problem unwritable(Path path, IOException cause) {
        return Problem.failed(
                "%s could not be written: %s.".formatted(path, cause),
                "Check that its folder is there, the free space and the permissions.",
                cause);
    }
}
