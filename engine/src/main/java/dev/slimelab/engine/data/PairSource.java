package dev.slimelab.engine.data;

import dev.slimelab.engine.file.Sha256;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Where rows come from: a file, or the files of one split of a dataset folder.
///
/// @param path the file, or the folder
/// @param files that are read, in order
/// @param asked the format that the columns are read as; null to look
/// @param columns which of them is which
public record PairSource(
        Path path, List<Path> files, @Nullable RowFormat asked, ColumnMap columns) {
    /// Enough rows to know whether a column that not every row has is there at all.
    private static final int ROWS_LOOKED_AT = 100;

    public PairSource {
        files = List.copyOf(files);
    }

    /// A file, or a dataset folder as Hugging Face lays it out.
    ///
    /// @param split of the folder; null where it has only one, or one called `train`
    /// @param format key of a [RowFormat]; null to look
    /// @throws Problem if there is nothing, or no such split
    public static PairSource of(Path path, @Nullable String split, @Nullable String format) {
        RowFormat asked = format == null ? null : RowFormat.named(format);
        if (Files.isDirectory(path)) {
            return new PairSource(path, DatasetFolder.files(path, split), asked, ColumnMap.NONE);
        }
        if (split != null) {
            throw Problem.badRequest(
                    "The data %s is one file, and has no split \"%s\".".formatted(path, split),
                    "Leave the split out, or point data.path at the dataset's folder.");
        }
        return new PairSource(path, List.of(path), asked, ColumnMap.NONE);
    }

    /// The same files with columns that are called otherwise.
    public PairSource with(ColumnMap named) {
        return new PairSource(path, files, asked, named);
    }

    /// Looks at the first bytes, and at records until one can be read.
    ///
    /// @throws Problem if there is no such file
    public Recognition recognise() {
        try (Stream<RawRecord> records = records()) {
            List<RawRecord> first =
                    records.filter(record -> record.fields() != null)
                            .limit(columns.isEmpty() ? 1 : ROWS_LOOKED_AT)
                            .toList();
            return first.isEmpty()
                    ? new Recognition(container(), orAsked(null), false, null)
                    : recognise(first);
        }
    }

    private Recognition recognise(List<RawRecord> records) {
        RawRecord first = records.getFirst();
        RowFormat found = asked == null ? RowFormat.of(columns.applied(first.columns())) : asked;
        RowFormat format = orAsked(found);
        RowProblem problem = columns.unknown(records);
        if (problem == null) {
            problem = found == null ? columns.unrecognised(first) : columns.unused(found, first);
        }
        boolean conversational = format.read(first, columns).isConversation();
        return new Recognition(container(), format, conversational, problem);
    }

    private RowFormat orAsked(@Nullable RowFormat found) {
        if (found != null) {
            return found;
        }
        return asked == null ? new RowFormat.Explicit() : asked;
    }

    private String container() {
        try {
            return new DataFile(files.getFirst()).container();
        } catch (IOException _) {
            return "damaged";
        }
    }

    /// Every row in order, read as the stream is consumed: a file of any size needs the memory of
    /// one row, or of one row group. Degenerate and odd rows carry problems as well. The stream
    /// holds a file open until it is closed.
    ///
    /// @throws Problem if there is no such file; whatever a file contains is a value instead
    public Stream<RowReading> read(Recognition recognition) {
        if (recognition.problem() != null) {
            return Stream.of(RowReading.of(recognition.problem()));
        }
        var lint = new RowLint();
        return records()
                .map(record -> recognition.format().read(record, columns))
                .map(lint::inspect);
    }

    private Stream<RawRecord> records() {
        return new ShardReader(path, files, columns).stream();
    }

    /// Identifies the content: the file's digest, or the digest of the digests of several.
    public String sha256() {
        try {
            if (files.size() == 1) {
                return Sha256.of(files.getFirst());
            }
            MessageDigest whole = Sha256.digest();
            for (Path file : files) {
                whole.update(Sha256.of(file).getBytes(StandardCharsets.US_ASCII));
            }
            return HexFormat.of().formatHex(whole.digest());
        } catch (IOException e) {
            throw ShardReader.unreadable(path, e);
        }
    }
}
