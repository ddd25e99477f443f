package dev.slimelab.engine.train;

import dev.slimelab.engine.data.ColumnMap;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Objects;

/// The source that a spec's data section names.
public final class DataOfSpec {
    private DataOfSpec() {}

    /// The file, or the files of a split, with what the spec says of their columns.
    ///
    /// @param data of a file or folder, not the built-in corpus
    /// @param split of a dataset folder; null for the one that is trained on by default
    /// @throws Problem if there is nothing, or no such split or format
    public static PairSource source(RunSpec.Data data, @Nullable String split) {
        Path path = Path.of(Objects.requireNonNull(data.path()));
        String format = data.format().equals(RunSpec.Data.AUTO) ? null : data.format();
        RunSpec.Columns columns = data.columns();
        return PairSource.of(path, split, format)
                .with(columns == null ? ColumnMap.NONE : new ColumnMap(columns.given()));
    }
}
