package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.RowProblem.Severity;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipException;

/// The records of all files of a source, one file after the other, each open only while it is read.
final class ShardReader implements AutoCloseable {
    private final Path source;
    private final Iterator<Path> files;
    private final ColumnMap columns;
    private @Nullable RecordReader current;
    private Path file;
    private boolean empty = true;
    private boolean ended;

    /// @param files of the source, at least one
    ShardReader(Path source, List<Path> files, ColumnMap columns) {
        this.source = source;
        this.files = files.iterator();
        this.columns = columns;
        this.file = source;
    }

    /// The records as a stream that ends after a problem with a whole file, and says so if there
    /// was no record at all. Close it.
    Stream<RawRecord> stream() {
        var records =
                new Spliterators.AbstractSpliterator<RawRecord>(
                        Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super RawRecord> action) {
                        RawRecord record = next();
                        if (record != null) {
                            action.accept(record);
                        }
                        return record != null;
                    }
                };
        return StreamSupport.stream(records, false).onClose(this::close);
    }

    private @Nullable RawRecord next() {
        RawRecord record = ended ? null : placed(nextOfAnyFile());
        if (record == null && empty) {
            record =
                    RawRecord.of(
                            RowProblem.file(
                                    Code.NO_ROWS, Place.WHOLE_FILE, "there are no rows in it"));
        }
        empty = false;
        ended =
                record == null
                        || record.problems().stream()
                                .anyMatch(problem -> problem.severity() == Severity.FILE);
        return record;
    }

    private @Nullable RawRecord placed(@Nullable RawRecord record) {
        return record == null || file.equals(source)
                ? record
                : record.in(source.relativize(file).toString().replace('\\', '/'));
    }

    private @Nullable RawRecord nextOfAnyFile() {
        try {
            RawRecord record = current == null ? null : current.next();
            while (record == null && files.hasNext()) {
                close();
                file = files.next();
                current = new DataFile(file).open(columns);
                record = current.next();
            }
            return record;
        } catch (EOFException _) {
            return RawRecord.of(
                    RowProblem.file(
                            Code.GZIP_TRUNCATED,
                            Place.WHOLE_FILE,
                            "the gzip archive ends in the middle, as if it had been cut"));
        } catch (ZipException e) {
            return RawRecord.of(
                    RowProblem.file(
                            Code.GZIP_CORRUPT,
                            Place.WHOLE_FILE,
                            "the gzip archive is damaged: " + e.getMessage()));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static Problem unreadable(Path file, IOException cause) {
        return Problem.failed(
                "The data file " + file + " cannot be read: " + cause.getMessage() + ".",
                "Check its permissions and the disk.",
                cause);
    }

    @Override
    public void close() {
        try {
            if (current != null) {
                current.close();
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        } finally {
            current = null;
        }
    }
}
