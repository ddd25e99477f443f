package dev.slimelab.engine.file;

import dev.slimelab.engine.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/// Files that appear whole or not at all: written aside, forced to the disk, renamed. A reader sees
/// the old content or the new.
public final class AtomicFile {
    private AtomicFile() {}

    /// The folder must exist: a run that was deleted does not come back because its engine still
    /// writes.
    ///
    /// @param parts the content in order, each read to its limit when its turn comes
    /// @throws Problem failed: where the disk or the permissions do not allow it
    public static void write(Path file, Stream<ByteBuffer> parts) {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            aside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                parts.forEachOrdered(part -> append(channel, part));
                channel.force(true);
            }
            Files.move(
                    aside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            throw Problem.failed(
                    "%s could not be written: %s.".formatted(file, e),
                    "Check that its folder is there, the free space and the permissions.",
                    e);
        }
    }

    private static void append(FileChannel channel, ByteBuffer part) {
        try {
            while (part.hasRemaining()) {
                channel.write(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Text in UTF-8.
    public static void write(Path file, String text) {
        write(file, Stream.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }
}
