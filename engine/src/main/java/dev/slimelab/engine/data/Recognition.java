package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Kind;

import org.jspecify.annotations.Nullable;

/// What a source was found to be, by looking at its first bytes and its first record.
///
/// @param container of the records, such as `JSON lines, gzip`
/// @param format what the columns mean
/// @param conversational whether the first row holds turns, not plain text
/// @param problem why no row of the source can be read; null if rows can
public record Recognition(
        String container, RowFormat format, boolean conversational, @Nullable RowProblem problem) {

    public Kind kind() {
        return format.kind();
    }

    /// `explicit, conversational (JSON lines)`
    public String words() {
        return "%s, %s (%s)"
                .formatted(format.key(), conversational ? "conversational" : "standard", container);
    }
}
