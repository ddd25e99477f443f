package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

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

/// Turns JSON objects into records, for both ways in which files hold them.
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

    private JsonRecords() {}

    static JsonParser parser(String text) {
        return MAPPER.createParser(text);
    }

    static JsonParser parser(Reader text) {
        return MAPPER.createParser(text);
    }

    static String text(Map<String, JsonNode> fields) {
        return MAPPER.writeValueAsString(fields);
    }

    /// Reads the value whose first token the parser is at.
    static RawRecord read(JsonParser json, Place place) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            JsonNode value = json.readValueAsTree();
            return RawRecord.of(
                    RowProblem.malformed(
                            place,
                            Code.NOT_AN_OBJECT,
                            null,
                            "the row is " + Fields.kind(value) + ", not an object"));
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        List<RowProblem> notes = new ArrayList<>();
        @Nullable RowProblem noNumber = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            JsonNode value = json.readValueAsTree();
            if (value.isNumber() && !Double.isFinite(value.doubleValue()) && noNumber == null) {
                noNumber = noNumber(place, name, value);
            }
            if (fields.put(name, value) != null) {
                notes.add(
                        RowProblem.odd(
                                place,
                                Code.DUPLICATE_KEY,
                                name,
                                "the field " + name + " is given twice; the last one counts"));
            }
        }
        return noNumber == null ? new RawRecord(place, fields, notes) : RawRecord.of(noNumber);
    }

    /// Python writes `NaN` and `Infinity`, which no JSON may hold.
    private static RowProblem noNumber(Place place, String field, JsonNode value) {
        return RowProblem.malformed(
                place,
                Code.NON_FINITE_NUMBER,
                field,
                field + " is " + value.asString() + ", which is not a number");
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
