package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One record of a file, before anyone asked what its columns mean. All containers give the same:
/// columns by name, with JSON's types.
///
/// @param fields null where the record could not be read; then a problem says why
record RawRecord(Place place, @Nullable Map<String, JsonNode> fields, List<RowProblem> problems) {
    RawRecord {
        problems = List.copyOf(problems);
    }

    static RawRecord of(RowProblem problem) {
        return new RawRecord(problem.place(), null, List.of(problem));
    }

    /// The fields of a record that could be read.
    Map<String, JsonNode> columns() {
        return Objects.requireNonNull(fields);
    }

    /// The record as JSON on one line; empty where it could not be read.
    String text() {
        return fields == null ? "" : JsonRecords.text(fields);
    }

    /// The same record, placed in one file of several.
    RawRecord in(String shard) {
        return new RawRecord(
                place.in(shard),
                fields,
                problems.stream().map(problem -> problem.in(shard)).toList());
    }
}
