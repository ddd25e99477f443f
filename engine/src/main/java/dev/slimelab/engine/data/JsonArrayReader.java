package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

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
    private final JsonParser json;
    private final JsonRecords records = new JsonRecords();
    private int row;
    private boolean ended;

    JsonArrayReader(InputStream bytes, Path path) {
        this.path = path;
        var utf8 =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.json = JsonRecords.parser(new InputStreamReader(bytes, utf8));
    }

    @Override
    public @Nullable RowReading next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            if (row++ == 0) {
                json.nextToken(); // the opening bracket, which is why this reader was chosen
            }
            if (json.nextToken() != JsonToken.END_ARRAY) {
                return records.read(json, new Place(json.currentTokenLocation().getLineNr(), row));
            }
            ended = true;
            return json.nextToken() == null ? null : RowReading.of(textAfterTheEnd());
        } catch (JacksonException e) {
            ended = true;
            return RowReading.of(broken(e));
        }
    }

    private RowProblem textAfterTheEnd() {
        var place = new Place(json.currentTokenLocation().getLineNr(), row);
        return RowProblem.malformed(
                place, Code.JSON_SYNTAX, null, "more text follows the end of the array");
    }

    private RowProblem broken(JacksonException e) throws IOException {
        if (e.getCause() instanceof CharacterCodingException) {
            return firstLineThatIsNotUtf8();
        }
        if (e.getCause() instanceof IOException cause) {
            throw cause;
        }
        RowProblem problem =
                JsonRecords.syntax(e, json, new Place(json.currentLocation().getLineNr(), row));
        return RowProblem.malformed(
                problem.place(),
                problem.code(),
                null,
                problem.message() + "; the array cannot be read beyond it");
    }

    /// The parser reads ahead of where it parses, so its position says little about where the bytes
    /// are broken.
    private RowProblem firstLineThatIsNotUtf8() throws IOException {
        try (var lines = new LineReader(Files.newInputStream(path), 0)) {
            LineReader.Line line = lines.next();
            while (line != null && line.text() != null) {
                line = lines.next();
            }
            if (line == null) {
                throw new IOException(path + " changed while it was read");
            }
            return line.notUtf8(row);
        }
    }

    @Override
    public void close() {
        json.close();
    }
}
