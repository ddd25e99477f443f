package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Map;

/// Tells by the columns of its first row whether a file is one we read. Formats that are known and
/// not read are called by their names.
final class Columns {
    private Columns() {}

    /// Why no row of the file can be read, or null.
    static @Nullable RowProblem refusal(Map<String, JsonNode> fields, Place place) {
        String foreign = foreignFormat(fields);
        if (foreign != null) {
            return RowProblem.file(
                    Code.UNSUPPORTED_FORMAT,
                    place,
                    "the rows are " + foreign + ", and only prompt, chosen and rejected are read");
        }
        if (!fields.containsKey("chosen") && !fields.containsKey("rejected")) {
            return RowProblem.file(
                    Code.UNKNOWN_SCHEMA,
                    place,
                    "the columns are "
                            + String.join(", ", fields.keySet())
                            + ", and prompt, chosen and rejected are needed");
        }
        return null;
    }

    private static @Nullable String foreignFormat(Map<String, JsonNode> fields) {
        JsonNode chosen = fields.get("chosen");
        JsonNode rejected = fields.get("rejected");
        if (fields.containsKey("conversations")) {
            return "ShareGPT conversations (column conversations)";
        }
        if (fields.containsKey("rejected_response")) {
            return "flat columns of H2O LLM Studio (column rejected_response)";
        }
        if (chosen == null && rejected == null && fields.containsKey("messages")) {
            return "conversations without a rejected answer (column messages)";
        }
        if (chosen != null
                && chosen.isString()
                && rejected != null
                && rejected.isString()
                && !fields.containsKey("prompt")) {
            return chosen.stringValue().stripLeading().startsWith("Human:")
                    ? "HH-RLHF transcripts (Human: and Assistant: inside chosen and rejected)"
                    : "strings with the prompt inside chosen and rejected";
        }
        return null;
    }
}
