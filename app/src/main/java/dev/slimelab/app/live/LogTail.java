package dev.slimelab.app.live;

import dev.slimelab.engine.run.RunDirectory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The last lines of an engine's log, which also holds what it wrote to standard error.
final class LogTail {
    private static final int BYTES = 6000;
    private static final int LINES = 30;

    private LogTail() {}

    static String of(RunDirectory run) {
        String text = read(run.log());
        return text.isBlank() ? "The engine wrote nothing." : text;
    }

    private static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, access.length() - BYTES);
            byte[] bytes = new byte[(int) (access.length() - from)];
            access.seek(from);
            access.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).stripTrailing().lines().toList();
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
