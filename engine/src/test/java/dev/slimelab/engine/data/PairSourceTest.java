package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Strings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class PairSourceTest {
    private static final String GOOD =
            "{\"prompt\": \"q%d\", \"chosen\": \"a\", \"rejected\": \"b\"}";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt\": \"q\", \"completion\": \"a\", \"label\": true} | unpaired | UNPAIRED",
                "{\"prompt\": \"q\", \"completion\": \"a\"} | prompt-completion | ANSWERS",
                "{\"chosen\": \"ab\", \"rejected\": \"ac\"} | implicit | PAIRS",
                "{\"question\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"} | flat | PAIRS",
                "{\"instruction\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"} | flat | PAIRS",
            })
    void aFormatIsRecognisedByItsColumns(String row, String format, String kind) throws Exception {
        PairSource source = PairSource.of(write(row), null, null);
        assertThat(source.recognise().format().key()).isEqualTo(format);
        assertThat(source.recognise().kind()).isEqualTo(Kind.valueOf(kind));
        assertThat(read(source.path())).allMatch(reading -> reading.usableRow() != null);
    }

    /// As `extract_prompt` of TRL 1.13 divides them.
    @ParameterizedTest
    @CsvSource({"'2+2 = 4', '2+2 = 5', '2+2 ='", "'abc', 'abd', 'ab'"})
    void theSharedBeginningOfTwoStringsIsThePrompt(String chosen, String rejected, String prompt)
            throws Exception {
        String row = "{\"chosen\": \"%s\", \"rejected\": \"%s\"}".formatted(chosen, rejected);
        assertThat(read(write(row)))
                .extracting(reading -> requireNonNull(reading.row()).content())
                .containsExactly(
                        new Strings(
                                prompt,
                                chosen.substring(prompt.length()),
                                rejected.substring(prompt.length())));
    }

    @Test
    void aFormatThatIsAskedForIsNotLookedFor() throws Exception {
        PairSource source = PairSource.of(write(GOOD.formatted(1)), null, "implicit");
        assertThat(source.recognise().format().key()).isEqualTo("implicit");
    }

    @Test
    void theShardsOfASplitAreReadInOrderAndNamedInProblems() throws Exception {
        Path data = Files.createDirectories(folder.resolve("set/data"));
        Files.writeString(data.resolve("train-00001-of-00002.jsonl"), "{\"prompt\": \"q\"}\n");
        Files.writeString(data.resolve("train-00000-of-00002.jsonl"), GOOD.formatted(1) + "\n");
        Files.writeString(data.resolve("test-00000-of-00001.jsonl"), GOOD.formatted(2) + "\n");
        Files.writeString(folder.resolve("set/README.md"), "card");
        PairSource source = PairSource.of(folder.resolve("set"), null, null);
        assertThat(source.files()).hasSize(2);
        List<RowReading> readings = read(source.path());
        assertThat(readings.get(0).usableRow()).isNotNull();
        assertThat(readings.get(1).problems().getFirst().sentence(Path.of("set")))
                .isEqualTo(
                        Path.of("set/data/train-00001-of-00002.jsonl")
                                + ":1: the field chosen is missing; the row has prompt");
        assertThat(PairSource.of(folder.resolve("set"), "test", null).files()).hasSize(1);
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
        assertThat(readings.get(1).problems().getFirst().sentence(Path.of("f")))
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

    @Test
    void aCompressionThatIsNotReadIsNamed() throws Exception {
        RowProblem problem = read(resource("lz4.parquet")).getFirst().problems().getFirst();
        assertThat(problem.code()).isEqualTo(RowProblem.Code.PARQUET_CODEC);
        assertThat(problem.message()).contains("compressed with LZ4").contains("zstd");
        assertThat(problem.remedy()).contains("compression=\"zstd\"");
    }

    @Test
    void offsetsAndWeightsAreReadFromParquet() throws Exception {
        List<RowReading> rows = read(resource("empty_group.parquet"));
        assertThat(rows).hasSize(1);
        assertThat(requireNonNull(rows.getFirst().row()).settings())
                .isEqualTo(new PreferenceRow.Settings(0.5, 2.0, null));
    }

    private static Path resource(String name) throws Exception {
        return Path.of(requireNonNull(PairSourceTest.class.getResource(name)).toURI());
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

    private static List<RowReading> read(Path file) {
        try (Stream<RowReading> readings = Rows.of(file)) {
            return readings.toList();
        }
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("pairs.json"), text);
    }
}
