package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Files that appear whole or not at all.
final class AtomicFile {
    private AtomicFile() {}

    /// Writes aside, forces to disk, renames.
    static void write(Path file, List<ByteBuffer> parts) {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel =
                    FileChannel.open(
                            aside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                for (ByteBuffer part : parts) {
                    while (part.hasRemaining()) {
                        channel.write(part);
                    }
                }
                channel.force(true);
            }
            Files.move(
                    aside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Problem.failed(
                    "%s could not be written: %s.".formatted(file, e.getMessage()),
                    "Check free space and permissions.",
                    e);
        }
    }

    static void write(Path file, String text) {
        write(file, List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }
}
