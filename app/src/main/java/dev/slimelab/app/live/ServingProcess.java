package dev.slimelab.app.live;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A server of models that this process has started. It ends with this process: its input, which
/// nobody writes to, ends then.
///
/// @param said the file of its output
public record ServingProcess(Process process, Path said) {
    private static final String LISTENING = "Listening at ";

    /// The address that it listens at; null while it opens its models. Reads the disk, does not
    /// wait.
    ///
    /// @throws Problem where it has ended instead, in its own words
    public @Nullable String url() {
        boolean alive = process.isAlive(); // before its words are read, so that they are the last
        String text = text();
        int at = text.indexOf(LISTENING);
        int end = text.indexOf('\n', Math.max(0, at));
        if (at >= 0 && end > at) {
            return text.substring(at + LISTENING.length(), end).strip();
        }
        if (alive) {
            return null;
        }
        List<String> lines = text.lines().toList();
        throw Problem.failed(
                lines.isEmpty() ? "The server of the models ended without a word." : lines.get(0),
                lines.size() < 2 ? "Try again." : lines.get(1));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    private String text() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends it.
    public void close() {
        process.destroy();
    }
}
