package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.PairSource.JsonLines;
import dev.slimelab.engine.data.PreferenceRow.Content;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Strings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

class PairSourceTest {
    private static final String GOOD =
            "{\"prompt\": \"q%d\", \"chosen\": \"a\", \"rejected\": \"b\"}";

    @TempDir private Path folder;

    /// The digest is of roles and texts of all rows, taken by an independent reader.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "arena_pairs.jsonl",
                "arena_explicit_strings.jsonl",
                "arena_implicit_conversational.jsonl",
                "multiturn_pairs.jsonl"
            })
    void everyTextOfTheRealFilesIsReadAsItStands(String file) throws Exception {
        JsonNode expected = SharedFolder.json("data/expected.json").get("files").get(file);
        var digest = MessageDigest.getInstance("SHA-256");
        List<RowReading> readings = read(SharedFolder.path("data/" + file));
        readings.forEach(
                reading -> digest.update(normalised(reading).getBytes(StandardCharsets.UTF_8)));
        assertThat(readings).hasSize(expected.get("rows").intValue());
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo(expected.get("rows_digest").stringValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sft_messages.jsonl | conversations without a rejected answer",
                "arena_sharegpt_ranking.json | ShareGPT conversations",
                "arena_hh.jsonl.gz | a gzip archive",
                "ultrafeedback_zstd.parquet | a Parquet file",
                "arena_pairs.csv | CSV",
                "h2o_flat.csv | CSV",
            })
    void aFormatThatIsNotReadIsCalledByItsName(String file, String name) {
        assertThat(read(SharedFolder.path("data/" + file)))
                .singleElement()
                .extracting(reading -> reading.problems().getFirst().message())
                .asString()
                .contains(name);
    }

    @Test
    void anArrayOnOneLineNamesTheRow() throws Exception {
        List<RowReading> readings =
                read(
                        write(
                                "["
                                        + GOOD.formatted(1)
                                        + ", {\"prompt\": \"q\"}, "
                                        + GOOD.formatted(2)
                                        + "]"));
        assertThat(readings).hasSize(3);
        assertThat(readings.get(1).problems().getFirst().sentence("f"))
                .isEqualTo("f:1 (row 2): the field chosen is missing; the row has prompt");
    }

    @Test
    void aBrokenArrayGivesTheRowsBeforeTheFault() throws Exception {
        assertThat(
                        told(
                                write(
                                        "[\n"
                                                + GOOD.formatted(1)
                                                + ",\n"
                                                + GOOD.formatted(2)
                                                + "\n"
                                                + GOOD.formatted(3)
                                                + "]")))
                .containsExactly("row 1", "row 2", "4 3 json_syntax");
        assertThat(told(write("[\n" + GOOD.formatted(1) + ",\n{\"prompt\": \"")))
                .containsExactly("row 1", "3 2 json_syntax");
        assertThat(told(write("[\n" + GOOD.formatted(1) + "\n]\nmore")))
                .containsExactly("row 1", "4 2 json_syntax");
    }

    @Test
    void bytesThatAreNotUtf8AreFoundInAnArray() throws Exception {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                ("[\n" + GOOD.formatted(1) + ",\n{\"prompt\": \"")
                        .getBytes(StandardCharsets.UTF_8));
        int offset = bytes.size();
        bytes.write(0xff);
        bytes.writeBytes("\"}]".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("pairs.json"), bytes.toByteArray());
        List<RowProblem> problems = read(file).getLast().problems();
        assertThat(problems.getFirst().code()).isEqualTo(RowProblem.Code.INVALID_UTF8);
        assertThat(problems.getFirst().place().line()).isEqualTo(3);
        assertThat(problems.getFirst().message()).contains("byte " + offset + " ");
    }

    @Test
    void stringsAndMessagesInOneRowAreOfTheWrongType() throws Exception {
        assertThat(
                        read(
                                write(
                                        "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": [{\"role\": \"assistant\", \"content\": \"b\"}]}")))
                .singleElement()
                .extracting(reading -> reading.problems().getFirst().message())
                .isEqualTo("rejected is an array, and must be a string as prompt is");
    }

    @Test
    void anObjectOverSeveralLinesIsCalledThat() throws Exception {
        assertThat(told(write("{\n  \"prompt\": \"q\"\n}\n")))
                .containsExactly("0 0 unsupported_format");
    }

    @Test
    void toolCallsAreRefusedAndNotLost() throws Exception {
        assertThat(
                        told(
                                write(
                                        "{\"prompt\": [{\"role\": \"user\", \"content\": \"q\"}],"
                                                + " \"chosen\": [{\"role\": \"assistant\", \"content\": \"a\", \"tool_calls\": [{}]}],"
                                                + " \"rejected\": [{\"role\": \"assistant\", \"content\": \"b\"}]}")))
                .containsExactly("1 1 unsupported_tool_calls");
    }

    /// Row numbers for rows, and line, row and code for problems.
    private static List<String> told(Path file) {
        return read(file).stream()
                .map(
                        reading ->
                                reading.usableRow() != null
                                        ? "row " + reading.place().row()
                                        : "%d %d %s"
                                                .formatted(
                                                        reading.place().line(),
                                                        reading.place().row(),
                                                        reading.problems().getFirst().code().key()))
                .toList();
    }

    private static String normalised(RowReading reading) {
        Content content = java.util.Objects.requireNonNull(reading.usableRow()).content();
        Conversation turns =
                switch (content) {
                    case Strings strings -> strings.asConversation();
                    case Conversation conversation -> conversation;
                };
        var text = new StringBuilder();
        turns.prompt()
                .forEach(
                        message ->
                                text.append(message.role().key())
                                        .append('\u001f')
                                        .append(message.content())
                                        .append('\u001e'));
        return text.append(content.chosenText())
                .append('\u001e')
                .append(content.rejectedText())
                .append('\u001d')
                .toString();
    }

    private static List<RowReading> read(Path file) {
        try (Stream<RowReading> readings = new JsonLines(file).read()) {
            return readings.toList();
        }
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("pairs.json"), text);
    }
}
