package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// One file of records, gzipped or not.
record DataFile(Path path) {
    private static final int BUFFER_BYTES = 1 << 16;

    /// The records from the first on.
    ///
    /// @param columns decide what is read of a file that stores columns apart
    /// @throws Problem if there is no such file
    /// @throws IOException if it cannot be read, a damaged gzip archive included
    RecordReader open(ColumnMap columns) throws IOException {
        InputStream bytes = bytes();
        return switch (Opening.of(bytes, path)) {
            case Opening.Lines(int start) -> new JsonLineReader(new LineReader(bytes, start));
            case Opening.Array() -> new JsonArrayReader(this, bytes);
            case Opening.Csv(char separator) -> new CsvRecordReader(this, bytes, separator);
            case Opening.Parquet() -> {
                bytes.close();
                yield ParquetRecordReader.open(path, columns);
            }
            case Opening.Foreign(RowProblem problem) -> {
                bytes.close();
                yield RecordReader.of(problem);
            }
        };
    }

    /// What it is, in words, such as `JSON lines, gzip`.
    ///
    /// @throws IOException as [#open]
    String container() throws IOException {
        try (InputStream raw = raw();
                InputStream bytes = bytes()) {
            return Opening.of(bytes, path).words() + (isZipped(raw) ? ", gzip" : "");
        }
    }

    /// The content, unzipped.
    InputStream bytes() throws IOException {
        InputStream raw = raw();
        return isZipped(raw)
                ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES)
                : raw;
    }

    private static boolean isZipped(InputStream raw) throws IOException {
        int length = Opening.GZIP.bytes().length();
        raw.mark(length);
        byte[] head = raw.readNBytes(length);
        raw.reset();
        return new String(head, StandardCharsets.ISO_8859_1).equals(Opening.GZIP.bytes());
    }

    private InputStream raw() throws IOException {
        try {
            return new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        } catch (NoSuchFileException e) {
            throw Problem.badRequest(
                    "The data file " + path + " does not exist.",
                    "Check data.path; a path in a spec is relative to the folder of the spec.",
                    e);
        }
    }
}
