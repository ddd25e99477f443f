package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Place;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What became of one record of a source: a row, problems, or both.
///
/// @param record as it was found
/// @param row null where the record could not be read as one
/// @param problems in the order found; of the problems that make a row unusable only the first
public record RowReading(RawRecord record, @Nullable PreferenceRow row, List<RowProblem> problems) {
    public RowReading {
        problems = List.copyOf(problems);
    }

    static RowReading of(RowProblem problem) {
        return new RowReading(RawRecord.of(problem), null, List.of(problem));
    }

    /// Where the record stands in its source.
    public Place place() {
        return record.place();
    }

    boolean isConversation() {
        return row != null && row.content() instanceof Conversation;
    }

    /// The row if it can be trained on, else null.
    public @Nullable PreferenceRow usableRow() {
        return problems.stream().anyMatch(problem -> problem.severity().drops()) ? null : row;
    }
}
