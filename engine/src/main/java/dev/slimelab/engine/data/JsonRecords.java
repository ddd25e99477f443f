package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns JSON objects into rows, for both ways in which files hold them. The first object decides
/// whether the columns are known.
final class JsonRecords {
    private static final int MAX_DEPTH = 100;

    /// `NaN` and `Infinity` are parsed, as Python writes them, so that the message can name the
    /// field. Text may have any length.
    private static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(MAX_DEPTH)
                                            .maxStringLength(Integer.MAX_VALUE)
                                            .build())
                            .build());

    private boolean columnsKnown;

    static JsonParser parser(String text) {
        return MAPPER.createParser(text);
    }

    static JsonParser parser(Reader text) {
        return MAPPER.createParser(text);
    }

    /// Reads the value whose first token the parser is at.
    RowReading read(JsonParser json, Place place) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            JsonNode value = json.readValueAsTree();
            return RowReading.of(
                    RowProblem.malformed(
                            place,
                            Code.NOT_AN_OBJECT,
                            null,
                            "the row is " + RowParser.kind(value) + ", not an object"));
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        List<RowProblem> notes = new ArrayList<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (fields.put(name, json.readValueAsTree()) != null) {
                notes.add(
                        RowProblem.odd(
                                place,
                                Code.DUPLICATE_KEY,
                                name,
                                "the field " + name + " is given twice; the last one counts"));
            }
        }
        if (!columnsKnown) {
            RowProblem refusal = Columns.refusal(fields, place);
            if (refusal != null) {
                return RowReading.of(refusal);
            }
            columnsKnown = true;
        }
        return new RowParser(place, fields, notes).read();
    }

    /// Broken JSON in words.
    static RowProblem syntax(JacksonException e, JsonParser json, Place place) {
        int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
        if (e instanceof StreamConstraintsException
                && json.streamReadContext().getNestingDepth() >= MAX_DEPTH) {
            return RowProblem.malformed(
                    place,
                    Code.TOO_DEEP,
                    null,
                    "the JSON is nested more than " + MAX_DEPTH + " levels deep");
        }
        // The parser lists everything that a value may be; that it is a value says enough.
        String what = e.getOriginalMessage().replaceFirst("\\(JSON String.*", "a JSON value");
        return RowProblem.malformed(
                place,
                Code.JSON_SYNTAX,
                null,
                e instanceof UnexpectedEndOfInputException
                        ? "the JSON ends in the middle of the row, as if the file had been cut"
                        : "the JSON is broken at column " + column + ": " + what);
    }
}
