package dev.slimelab.engine.data;

import dev.slimelab.engine.file.Sha256;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where preference pairs come from. A format is added here, and nowhere else.
public sealed interface PairSource {

    /// JSON objects with `prompt`, `chosen` and `rejected`, one a line or all in one array.
    ///
    /// The fields are strings, or lists of `{"role": …, "content": …}`. Without `prompt`, two lists
    /// that begin with the same turns are taken too. What the file holds is found by looking at it;
    /// its name does not matter.
    record JsonLines(Path path) implements PairSource {
        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public Stream<RowReading> records() {
            InputStream bytes = open(path);
            try {
                return Opening.of(bytes).read(bytes, path).stream();
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }

        @Override
        public String sha256() {
            try {
                return Sha256.of(path);
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        }
    }

    /// What messages call it.
    String name();

    /// Every record of the source in order, read as the stream is consumed: a file of any size
    /// needs the memory of one row. The stream holds the file open until it is closed.
    ///
    /// @throws Problem if there is no such source; whatever a source contains is a value instead
    Stream<RowReading> records();

    /// Identifies the content; null for a source that has no file.
    @Nullable String sha256();

    /// The records, looked at more closely: degenerate and odd rows carry problems as well. What
    /// `load` and every preview use.
    default Stream<RowReading> read() {
        return records().map(new RowLint()::inspect);
    }

    private static InputStream open(Path path) {
        if (Files.isDirectory(path)) {
            throw Problem.badRequest(
                    "The data path " + path + " is a folder.",
                    "Point data.path at the file of pairs inside it.");
        }
        try {
            return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        } catch (NoSuchFileException e) {
            throw Problem.badRequest(
                    "The data file " + path + " does not exist.",
                    "Check data.path; a path in a spec is relative to the folder of the spec.",
                    e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static Problem unreadable(Path path, IOException cause) {
        return Problem.failed(
                "The data file " + path + " cannot be read: " + cause.getMessage() + ".",
                "Check its permissions and the disk.",
                cause);
    }
}
