package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.RowProblem.Severity;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Takes one record after the other from an open file.
interface RecordReader extends AutoCloseable {
    /// The next record, or null at the end.
    @Nullable RowReading next() throws IOException;

    @Override
    void close() throws IOException;

    /// A file of which nothing can be said but this.
    static RecordReader of(RowProblem problem) {
        return new RecordReader() {
            @Override
            public RowReading next() {
                return RowReading.of(problem);
            }

            @Override
            public void close() {}
        };
    }

    /// The records as a stream that ends after a problem with the whole file, and says so if there
    /// was no record at all.
    default Stream<RowReading> stream() {
        var records =
                new Spliterators.AbstractSpliterator<RowReading>(
                        Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    private boolean empty = true;
                    private boolean ended;

                    @Override
                    public boolean tryAdvance(Consumer<? super RowReading> action) {
                        RowReading reading = ended ? null : nextOrFail();
                        if (reading == null && empty) {
                            reading =
                                    RowReading.of(
                                            RowProblem.file(
                                                    Code.NO_ROWS,
                                                    Place.WHOLE_FILE,
                                                    "the file holds no rows"));
                        }
                        if (reading == null) {
                            return false;
                        }
                        empty = false;
                        ended =
                                reading.problems().stream()
                                        .anyMatch(p -> p.severity() == Severity.FILE);
                        action.accept(reading);
                        return true;
                    }
                };
        return StreamSupport.stream(records, false).onClose(this::closeOrFail);
    }

    private @Nullable RowReading nextOrFail() {
        try {
            return next();
        } catch (IOException e) {
            throw Problem.failed(
                    "Reading the data stopped: " + e.getMessage() + ".",
                    "Check the disk and try again.",
                    e);
        }
    }

    private void closeOrFail() {
        try {
            close();
        } catch (IOException e) {
            throw Problem.failed(
                    "Closing the data failed: " + e.getMessage() + ".", "Check the disk.", e);
        }
    }
}
