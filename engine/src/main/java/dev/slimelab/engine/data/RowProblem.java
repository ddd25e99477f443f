package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Place;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Locale;

/// What is wrong with a row, or with the whole file: where, which kind, which field, in words.
///
/// Reading never throws for what a file contains: problems are values, so that all of them can be
/// counted, named and shown.
///
/// @param field path of the field, like `prompt[0].role`; null where the row as a whole is meant
/// @param message the end of a sentence that begins with the file and the line
/// @param remedy what a person can do about it
public record RowProblem(
        Place place,
        Severity severity,
        Code code,
        @Nullable String field,
        String message,
        String remedy) {

    /// What follows from a problem. In order of weight.
    public enum Severity {
        /// No row of the file can be read.
        FILE,
        /// The row is not what its format says. Refused or left out, as [OnBadRow] says.
        MALFORMED,
        /// The row is well-formed, and training on it would be meaningless. Always left out.
        DEGENERATE,
        /// Worth knowing; the row is used.
        ODD;

        /// Whether a row with such a problem is left out.
        public boolean drops() {
            return this != ODD;
        }
    }

    /// The kinds of problem, and what a person can mostly do about each. Files and reports write
    /// them in lower case.
    public enum Code {
        NO_ROWS("Give a file with at least one row."),
        INVALID_ENCODING("Save the file as UTF-8."),
        UNSUPPORTED_FORMAT(
                "Convert it to JSON lines, CSV or Parquet with the columns prompt, chosen and rejected."),
        UNKNOWN_SCHEMA("Say with data.columns which column is which."),
        UNKNOWN_COLUMN("Name a column that the file has."),
        UNUSED_COLUMN("Leave it out, or set data.format to a format that reads it."),

        GZIP_TRUNCATED("Download or compress the file again."),
        GZIP_CORRUPT("Download or compress the file again."),
        PARQUET_CODEC(
                "Write the file again with the compression snappy, zstd or gzip, for example in Python:"
                        + " pandas.read_parquet(FILE).to_parquet(NEW, compression=\"zstd\")."),
        PARQUET_BAD_MAGIC("Give the file the ending of what it is, or download it again."),
        PARQUET_TRUNCATED("Download the file again."),
        PARQUET_CORRUPT("Download or write the file again."),

        INVALID_UTF8("Save the file as UTF-8."),
        JSON_SYNTAX("Repair the line."),
        CSV_SYNTAX("Close the quotation mark, and write quotation marks inside a field twice."),
        CSV_FIELD_COUNT("Give the row as many fields as the header has columns."),
        TOO_DEEP("Write the row as a JSON object with the fields prompt, chosen and rejected."),
        NOT_AN_OBJECT(
                "Write every row as a JSON object with the fields prompt, chosen and rejected."),
        MISSING_FIELD("Add the field."),
        NULL_VALUE("Fill in the field, or delete the row."),
        WRONG_TYPE(
                "Write prompt, chosen and rejected all as strings, or all as lists of {role, content}."),
        NON_FINITE_NUMBER("Replace it by a number, or delete the field."),
        LONE_SURROGATE("Delete the half pair, or complete it."),
        UNKNOWN_ROLE("Use one of the roles " + Message.Role.known() + "."),
        UNSUPPORTED_PARENT("Write the whole conversation into one row."),
        UNSUPPORTED_TOOL_CALLS("Delete the row: tool calls are not rendered."),
        PROMPT_ENDS_WITH_ASSISTANT("Move the last turn into the completions, or delete it."),
        COMPLETION_NOT_ASSISTANT("Begin and end the completion with a turn of the assistant."),
        NO_COMMON_PREFIX("Begin chosen and rejected with the same turns, or add the field prompt."),
        NO_ASSISTANT_TURN(
                "Give chosen and rejected an answer after Assistant:, or delete the row."),
        TEMPLATE_REFUSES("Choose another template with data.template, or delete the row."),

        EMPTY_PROMPT("Give the prompt some text."),
        EMPTY_COMPLETION("Give both completions some text."),
        BLANK_COMPLETION("Give both completions some text."),
        CHOSEN_EQUALS_REJECTED("Give two different completions."),
        TRUNCATED_TO_NOTHING("Raise data.maxLength, or shorten the prompt."),
        EQUAL_AFTER_TRUNCATION("Raise data.maxLength."),
        NO_COMPLETION_TOKENS("Move the boundary between prompt and completion to a space."),

        DUPLICATE_KEY("Delete one of the two fields; the last one is used."),
        DUPLICATE_ROW("Delete one of the two rows, unless the weight is meant."),
        CONTRADICTORY_PAIR("Delete one of the two rows, unless the disagreement is meant."),
        VERY_LONG("Check that it is meant; data.maxLength cuts it."),
        SCORE_ORDER("Swap the completions, unless the label is meant."),
        TIE("Delete the row, unless the label is meant."),
        DOUBLED_BOS(
                "Delete the beginning marker from the text or the template: one is added anyway."),
        DOUBLED_EOS("Delete the end marker from the text or the template: one is added anyway."),
        PREFIX_MISMATCH("End prompts without a space, and begin completions with it.");

        private final String remedy;

        Code(String remedy) {
            this.remedy = remedy;
        }

        /// The name as reports write it.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        String remedy() {
            return remedy;
        }
    }

    /// `pairs.jsonl:3: the field rejected is missing`
    public String sentence(Path source) {
        return place.in(source) + ": " + message;
    }

    /// The same problem, in one file of several.
    RowProblem in(String shard) {
        return new RowProblem(place.in(shard), severity, code, field, message, remedy);
    }

    static RowProblem file(Code code, Place place, String message) {
        return file(code, place, message, code.remedy());
    }

    static RowProblem file(Code code, Place place, String message, String remedy) {
        return new RowProblem(place, Severity.FILE, code, null, message, remedy);
    }

    static RowProblem malformed(Place place, Code code, @Nullable String field, String message) {
        return new RowProblem(place, Severity.MALFORMED, code, field, message, code.remedy());
    }

    static RowProblem degenerate(Place place, Code code, @Nullable String field, String message) {
        return new RowProblem(place, Severity.DEGENERATE, code, field, message, code.remedy());
    }

    static RowProblem odd(Place place, Code code, @Nullable String field, String message) {
        return new RowProblem(place, Severity.ODD, code, field, message, code.remedy());
    }
}
