package dev.slimelab.engine.data;

import java.nio.file.Path;
import java.util.stream.Stream;

/// Rows of a file, recognised by looking.
final class Rows {
    private Rows() {}

    static Stream<RowReading> of(Path file) {
        PairSource source = PairSource.of(file, null, null);
        return source.read(source.recognise());
    }
}
