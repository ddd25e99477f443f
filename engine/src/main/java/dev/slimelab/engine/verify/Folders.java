package dev.slimelab.engine.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What is inside a folder, by name.
final class Folders {
    private Folders() {}

    static List<Path> in(Path folder) {
        return list(folder, Files::isDirectory);
    }

    /// The files of a folder whose names end so, by name.
    static List<Path> files(Path folder, String ending) {
        return list(folder, file -> file.toString().endsWith(ending));
    }

    private static List<Path> list(Path folder, Predicate<Path> wanted) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
