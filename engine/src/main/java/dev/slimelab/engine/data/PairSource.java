package dev.slimelab.engine.data;

import dev.slimelab.engine.data.RowProblem.Code;
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
public record PairSource(Path path, List<Path> files, @Nullable RowFormat asked) {
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
            return new PairSource(path, DatasetFolder.files(path, split), asked);
        }
        if (split != null) {
            throw Problem.badRequest(
                    "The data %s is one file, and has no split \"%s\".".formatted(path, split),
                    "Leave the split out, or point data.path at the dataset's folder.");
        }
        return new PairSource(path, List.of(path), asked);
    }

    /// Looks at the first bytes, and at records until one can be read.
    ///
    /// @throws Problem if there is no such file
    public Recognition recognise() {
        try (Stream<RawRecord> records = records()) {
            return records.filter(record -> record.fields() != null)
                    .findFirst()
                    .map(this::recognise)
                    .orElseGet(() -> new Recognition(container(), orAsked(null), false, null));
        }
    }

    private Recognition recognise(RawRecord record) {
        RowFormat found = asked == null ? RowFormat.of(record.columns()) : asked;
        RowProblem problem =
                found != null
                        ? null
                        : RowProblem.file(
                                Code.UNKNOWN_SCHEMA,
                                record.place(),
                                "the columns are "
                                        + String.join(", ", record.columns().keySet())
                                        + ", and no format has these");
        RowFormat format = orAsked(found);
        return new Recognition(container(), format, format.read(record).isConversation(), problem);
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
        return records().map(recognition.format()::read).map(lint::inspect);
    }

    private Stream<RawRecord> records() {
        return new ShardReader(path, files).stream();
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
