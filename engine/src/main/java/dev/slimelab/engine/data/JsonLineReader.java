package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

import java.io.IOException;

/// Reads one JSON object a line. Whatever a line contains, the next one is read all the same.
final class JsonLineReader implements RecordReader {
    private final LineReader lines;
    private int row;

    JsonLineReader(LineReader lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable RawRecord next() throws IOException {
        LineReader.Line line = lines.next();
        if (line == null) {
            return null;
        }
        row++;
        String text = line.text();
        return text == null
                ? RawRecord.of(line.notUtf8(row))
                : parse(text, new Place(line.number(), row));
    }

    private RawRecord parse(String text, Place place) {
        try (JsonParser json = JsonRecords.parser(text)) {
            try {
                json.nextToken();
                RawRecord record = JsonRecords.read(json, place);
                return json.nextToken() == null
                        ? record
                        : RawRecord.of(
                                RowProblem.malformed(
                                        place,
                                        Code.JSON_SYNTAX,
                                        null,
                                        "more text follows the end of the JSON object"));
            } catch (JacksonException e) {
                return RawRecord.of(JsonRecords.syntax(e, json, place));
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
