package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads the objects of one JSON array, element by element. Broken JSON ends it: nothing says where
/// the next element begins.
final class JsonArrayReader implements RecordReader {
    private final Path path;
    private final int start;
    private final JsonParser json;
    private final JsonRecords records = new JsonRecords();
    private int row;
    private boolean ended;

    JsonArrayReader(InputStream bytes, Path path, int start) {
        this.path = path;
        this.start = start;
        var utf8 =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.json = JsonRecords.parser(new InputStreamReader(bytes, utf8));
        json.nextToken(); // the opening bracket, which is why this reader was chosen
    }

    @Override
    public @Nullable RowReading next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            if (json.nextToken() == JsonToken.END_ARRAY) {
                ended = true;
                return null;
            }
            row++;
            return records.read(json, new Place(json.currentTokenLocation().getLineNr(), row));
        } catch (JacksonException e) {
            ended = true;
            return RowReading.of(broken(e));
        }
    }

    private RowProblem broken(JacksonException e) throws IOException {
        if (e.getCause() instanceof CharacterCodingException) {
            return firstLineThatIsNotUtf8();
        }
        RowProblem problem =
                JsonRecords.syntax(
                        e, json, new Place(json.currentLocation().getLineNr(), Math.max(1, row)));
        return RowProblem.malformed(
                problem.place(),
                problem.code(),
                null,
                problem.message() + "; the array cannot be read beyond it");
    }

    /// The parser reads ahead of where it parses, so its position says little about where the bytes
    /// are broken.
    private RowProblem firstLineThatIsNotUtf8() throws IOException {
        try (var lines = new LineReader(Files.newInputStream(path), start)) {
            LineReader.Line line = lines.next();
            while (line != null && line.text() != null) {
                line = lines.next();
            }
            if (line == null) {
                throw new IOException(path + " changed while it was read");
            }
            return line.notUtf8(row + 1);
        }
    }

    @Override
    public void close() {
        json.close();
    }
}
