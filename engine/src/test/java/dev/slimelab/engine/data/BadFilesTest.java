package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.RowProblem.Severity;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Every malformed or odd file of the shared folder, against what is expected of it. The formats
/// that are not read are refused by name.
class BadFilesTest {
    @TestFactory
    Stream<DynamicTest> everyFileGivesTheRowsErrorsAndWarningsExpectedOfIt() {
        return expectations()
                .filter(file -> !isOfAnotherFormat(file))
                .map(file -> DynamicTest.dynamicTest(file, () -> check(file)));
    }

    @TestFactory
    Stream<DynamicTest> aFormatThatIsNotReadIsRefusedByName() {
        return expectations()
                .filter(BadFilesTest::isOfAnotherFormat)
                .map(file -> DynamicTest.dynamicTest(file, () -> checkRefused(file)));
    }

    @Test
    void aLineOfThreeMegabytesIsReadInLinearTime() {
        long start = System.nanoTime();
        assertThat(read("long_line.jsonl")).hasSize(3);
        assertThat((System.nanoTime() - start) / 1e9).as("seconds").isLessThan(3);
    }

    @Test
    void theLastOfTwoValuesOfAFieldCounts() {
        assertThat(read("duplicate_keys.jsonl").get(1).usableRow())
                .extracting(row -> row.content().chosenText())
                .isEqualTo("second");
    }

    private static Stream<String> expectations() {
        return SharedFolder.json("data/bad/expected_errors.json")
                .get("files")
                .propertyStream()
                .map(entry -> entry.getKey());
    }

    private static boolean isOfAnotherFormat(String file) {
        return file.endsWith(".parquet")
                || file.endsWith(".csv")
                || file.endsWith(".gz")
                || file.startsWith("hh_")
                || file.startsWith("sharegpt_");
    }

    private static void check(String file) {
        JsonNode expected =
                SharedFolder.json("data/bad/expected_errors.json").get("files").get(file);
        List<RowReading> readings = read(file);
        List<Integer> usable =
                readings.stream()
                        .filter(reading -> reading.usableRow() != null)
                        .map(reading -> reading.place().row())
                        .toList();
        List<Integer> good =
                expected.get("good_rows").valueStream().map(JsonNode::intValue).toList();
        assertThat(usable).as("good rows").isEqualTo(good);
        assertThat(told(readings, Severity.FILE, Severity.MALFORMED))
                .as("errors")
                .isEqualTo(wanted(expected.get("errors")));
        assertThat(told(readings, Severity.DEGENERATE, Severity.ODD))
                .as("warnings")
                .isEqualTo(wanted(expected.get("warnings")));
        checkDetails(expected, readings);
    }

    private static void checkRefused(String file) {
        List<RowReading> readings = read(file);
        assertThat(readings).hasSize(1);
        assertThat(readings.getFirst().problems())
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.severity()).isEqualTo(Severity.FILE);
                            assertThat(problem.code())
                                    .isIn(
                                            Code.UNSUPPORTED_FORMAT,
                                            Code.INVALID_ENCODING,
                                            Code.UNKNOWN_SCHEMA);
                        });
    }

    private static List<RowReading> read(String file) {
        try (Stream<RowReading> readings =
                new PairSource.JsonLines(SharedFolder.path("data/bad/" + file)).read()) {
            return readings.toList();
        }
    }

    /// One line for each problem: line, row, code, field.
    private static List<String> told(List<RowReading> readings, Severity first, Severity second) {
        return readings.stream()
                .flatMap(reading -> reading.problems().stream())
                .filter(problem -> problem.severity() == first || problem.severity() == second)
                .map(
                        problem ->
                                "%d %d %s %s"
                                        .formatted(
                                                problem.place().line(),
                                                problem.place().row(),
                                                problem.code().key(),
                                                problem.field()))
                .toList();
    }

    private static List<String> wanted(JsonNode problems) {
        return problems.valueStream()
                .map(
                        problem ->
                                "%d %d %s %s"
                                        .formatted(
                                                problem.path("line").asInt(0),
                                                problem.path("row").asInt(0),
                                                problem.get("code").stringValue(),
                                                problem.path("field").asString(null)))
                .toList();
    }

    /// What else an expectation names must stand in the message: the byte, the columns, the type or
    /// value found, the other row.
    private static void checkDetails(JsonNode expected, List<RowReading> readings) {
        List<JsonNode> details = new ArrayList<>();
        expected.get("errors").forEach(details::add);
        expected.get("warnings").forEach(details::add);
        for (JsonNode detail : details) {
            String message =
                    readings.stream()
                            .flatMap(reading -> reading.problems().stream())
                            .filter(
                                    problem ->
                                            problem.code()
                                                    .key()
                                                    .equals(detail.get("code").stringValue()))
                            .filter(
                                    problem ->
                                            problem.place().line() == detail.path("line").asInt(0))
                            .map(RowProblem::message)
                            .findFirst()
                            .orElseThrow();
            for (String key :
                    List.of(
                            "byte_offset_in_file",
                            "encoding",
                            "found",
                            "expected",
                            "value",
                            "of_row")) {
                if (detail.has(key)) {
                    assertThat(message).contains(detail.get(key).asString());
                }
            }
            detail.path("columns")
                    .forEach(column -> assertThat(message).contains(column.stringValue()));
        }
    }
}
