package dev.slimelab.app.live;

import dev.slimelab.engine.run.RunDirectory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The last lines an engine wrote, from its log or, if it never got that far, from its error
/// output.
final class LogTail {
    private static final int BYTES = 6000;
    private static final int LINES = 30;

    private LogTail() {}

    static String of(RunDirectory run) {
        for (Path file :
                List.of(
                        run.log(),
                        run.path().resolve("stderr.txt"),
                        run.path().resolve("stdout.txt"))) {
            String text = read(file);
            if (!text.isBlank()) {
                return text;
            }
        }
        return "The engine wrote nothing.";
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
