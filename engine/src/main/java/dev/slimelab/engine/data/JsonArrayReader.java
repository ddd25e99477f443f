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

/// Reads the objects of one JSON array, element by element. Broken JSON ends it: nothing says where
/// the next element begins.
final class JsonArrayReader implements RecordReader {
    private final DataFile file;
    private final JsonParser json;
    private int row;
    private boolean ended;

    JsonArrayReader(DataFile file, InputStream bytes) {
        this.file = file;
        var utf8 =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.json = JsonRecords.parser(new InputStreamReader(bytes, utf8));
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            if (row++ == 0) {
                json.nextToken(); // the opening bracket, which is why this reader was chosen
            }
            if (json.nextToken() != JsonToken.END_ARRAY) {
                return JsonRecords.read(
                        json, new Place(json.currentTokenLocation().getLineNr(), row));
            }
            ended = true;
            return json.nextToken() == null ? null : RawRecord.of(textAfterTheEnd());
        } catch (JacksonException e) {
            ended = true;
            return RawRecord.of(broken(e));
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
        try (var lines = new LineReader(file.bytes(), 0)) {
            return lines.nextNotUtf8(0).notUtf8(row);
        }
    }

    @Override
    public void close() {
        json.close();
    }
}
