package dev.slimelab.engine.data;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/// Takes one record after the other from an open file.
interface RecordReader extends AutoCloseable {
    /// The next record, or null at the end.
    ///
    /// @throws IOException if reading fails; what the bytes contain is a value instead
    @Nullable RawRecord next() throws IOException;

    @Override
    void close() throws IOException;

    /// A file of which nothing can be said but this.
    static RecordReader of(RowProblem problem) {
        Iterator<RowProblem> once = List.of(problem).iterator();
        return new RecordReader() {
            @Override
            public @Nullable RawRecord next() {
                return once.hasNext() ? RawRecord.of(once.next()) : null;
            }

            @Override
            public void close() {}
        };
    }
}
