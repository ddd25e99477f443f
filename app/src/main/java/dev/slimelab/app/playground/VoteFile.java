package dev.slimelab.app.playground;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.JsonLinesWriter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Preferences of a person, as a file of JSON lines that runs can train on.
record VoteFile(Path path) {
    /// Appends rows, each whole or not at all.
    ///
    /// @return how many the file has then
    /// @throws Problem where it cannot be written
    long append(List<Map<String, Object>> rows) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            try (JsonLinesWriter writer = new JsonLinesWriter(path)) {
                rows.forEach(writer::append);
            }
            return rows();
        } catch (IOException | UncheckedIOException e) {
            throw Problem.failed(
                    "The vote could not be saved in %s: %s.".formatted(path, e.getMessage()),
                    "Choose a file that can be written.",
                    e);
        }
    }

    private long rows() throws IOException {
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> !line.isBlank()).count();
        }
    }
}
