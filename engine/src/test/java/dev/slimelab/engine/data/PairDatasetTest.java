package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.DataReport.Cut;
import dev.slimelab.engine.data.DataRequest.Part;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

class PairDatasetTest {
    private static final String GOOD =
            "{\"prompt\": \"q%d\", \"chosen\": \" yes\", \"rejected\": \" no\"}\n";

    @TempDir private Path folder;

    @Test
    void realPairsAreLoadedSplitAndAccountedFor() {
        JsonNode expected =
                SharedFolder.json("data/expected.json").get("files").get("arena_pairs.jsonl");
        PairDataset dataset = loadShared("arena_pairs.jsonl", 512, 0.1);
        DataReport report = dataset.report();
        assertThat(report.rows()).isEqualTo(expected.get("rows").intValue());
        assertThat(report.sha256()).isEqualTo(expected.get("sha256").stringValue());
        assertThat(report.kept())
                .isEqualTo(dataset.training().size() + dataset.evaluation().size());
        assertThat(report.evaluation()).isEqualTo(12);
        assertThat(report.dropped()).isEqualTo(1);
        assertThat(report.findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.code())
                                    .isEqualTo(RowProblem.Code.TRUNCATED_TO_NOTHING);
                            assertThat(finding.first().getFirst().place().line()).isEqualTo(14);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "arena_explicit_strings.jsonl, 120",
        "arena_implicit_conversational.jsonl, 120",
        "multiturn_pairs.jsonl, 11",
    })
    void everyRowOfTheOtherRealFilesIsUsed(String file, int rows) {
        assertThat(loadShared(file, 4096, 0).training()).hasSize(rows);
    }

    @Test
    void aMalformedRowIsRefusedWithFileLineFieldAndRemedy() throws Exception {
        Path file =
                write(GOOD.formatted(1), "{\"prompt\": \"q\", \"chosen\": \"a\"}\n", "{\"prompt\n");
        assertThatThrownBy(() -> load(request(file, OnBadRow.REFUSE)))
                .isInstanceOf(Problem.class)
                .satisfies(thrown -> assertThat(((Problem) thrown).kind().exitCode()).isEqualTo(2))
                .hasMessage(
                        file
                                + ":2: the field rejected is missing; the row has prompt, chosen (and 1 more malformed row)."
                                + " Add the field, or set data.onBadRow to \"drop\" to leave malformed rows out.");
    }

    @Test
    void malformedRowsAreLeftOutAndNamedWhereThatIsAskedFor() throws Exception {
        Path file =
                write(
                        GOOD.formatted(1),
                        "{\"prompt\": \"q\", \"chosen\": \"a\"}\n",
                        GOOD.formatted(2));
        PairDataset dataset = load(request(file, OnBadRow.DROP));
        assertThat(dataset.training()).hasSize(2);
        assertThat(dataset.report().sentences())
                .containsExactly(
                        file + " is read as explicit, standard (JSON lines)",
                        "3 rows, 2 used (2 to train on, 0 set aside), 1 left out",
                        "1 row left out, missing_field: line 2");
    }

    @Test
    void degenerateRowsAreLeftOutCountedAndNamedEvenWhereMalformedOnesAreRefused()
            throws Exception {
        String same = "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"a\"}\n";
        String empty = "{\"prompt\": \"q\", \"chosen\": \"\", \"rejected\": \"a\"}\n";
        Path file = write(GOOD.formatted(1), same, "\n", empty, same);
        PairDataset dataset = load(request(file, OnBadRow.REFUSE));
        assertThat(dataset.training()).hasSize(1);
        assertThat(dataset.report().sentences())
                .contains(
                        "2 rows left out, chosen_equals_rejected: line 2, line 5 (row 4)",
                        "1 row left out, empty_completion: line 4 (row 3)");
    }

    @Test
    void aFileOfWhichNothingIsLeftIsRefused() throws Exception {
        Path file = write("{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"a\"}\n");
        assertThatThrownBy(() -> load(request(file, OnBadRow.DROP)))
                .isInstanceOf(Problem.class)
                .hasMessage(
                        "No usable row is left in "
                                + file
                                + ": 1 row left out, chosen_equals_rejected: line 1. Give two different completions.");
    }

    @Test
    void unknownColumnsAreRefusedUnderEveryPolicy() throws Exception {
        Path file = write("{\"question\": \"q\", \"response_a\": \"a\"}\n", GOOD.formatted(1));
        assertThatThrownBy(() -> load(request(file, OnBadRow.DROP)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("the columns are question, response_a");
    }

    @Test
    void aFileThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> load(request(folder.resolve("none.jsonl"), OnBadRow.DROP)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("none.jsonl does not exist");
    }

    @Test
    void whatTruncationTakesIsCountedForEachSide() throws Exception {
        Path file = write("{\"prompt\": \"1\", \"chosen\": \"2345\", \"rejected\": \"67\"}\n");
        // Characters are one token each: 1 + 4 + end and 1 + 2 + end, of which 4 tokens stay.
        PairDataset dataset =
                load(
                        new DataRequest(
                                PairSource.of(file, null, null),
                                null,
                                4,
                                0,
                                OnBadRow.REFUSE,
                                new Part.All(),
                                0));
        assertThat(dataset.report().chosenCut()).isEqualTo(new Cut(1, 2));
        assertThat(dataset.report().rejectedCut()).isEqualTo(new Cut(0, 0));
        assertThat(dataset.report().sentences()).contains("chosen cut in 1 row, 2 tokens lost");
    }

    @Test
    void theSplitDependsOnTheSeedAndOnNothingElse() {
        assertThat(PairDataset.setAside(100, 0.1, 3)).isEqualTo(PairDataset.setAside(100, 0.1, 3));
        assertThat(PairDataset.setAside(100, 0.1, 3))
                .isNotEqualTo(PairDataset.setAside(100, 0.1, 4));
        assertThat(count(PairDataset.setAside(100, 0.1, 3))).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"100, 0, 0", "100, 0.001, 1", "2, 0.99, 1", "1, 0.5, 0"})
    void theSplitLeavesSomethingOnBothSides(int pairs, double fraction, int setAside) {
        assertThat(count(PairDataset.setAside(pairs, fraction, 0))).isEqualTo(setAside);
    }

    @Test
    void sftAndPreferenceRunsShareTheRowsWithoutOverlap() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 10; i < 40; i++) {
            rows.append(GOOD.formatted(i));
        }
        Path file = write(rows.toString());
        List<String> sft = prompts(file, new Part.Sft(1 / 3.0), 5);
        List<String> preference = prompts(file, new Part.Preference(1 / 3.0), 5);
        assertThat(sft).hasSize(10).doesNotContainAnyElementsOf(preference);
        assertThat(preference).hasSize(20);
        assertThat(prompts(file, new Part.Sft(1 / 3.0), 5)).isEqualTo(sft);
        assertThat(prompts(file, new Part.Sft(1 / 3.0), 6)).isNotEqualTo(sft);
    }

    @Test
    void aPartWithoutRowsIsRefused() throws Exception {
        Path file = write(GOOD.formatted(1));
        assertThatThrownBy(() -> prompts(file, new Part.Sft(0.5), 0))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("belongs to the part");
    }

    private List<String> prompts(Path file, Part part, long seed) throws Exception {
        var request =
                new DataRequest(
                        PairSource.of(file, null, null), null, 512, 0, OnBadRow.REFUSE, part, seed);
        try (var tokenizer = CharacterTokenizer.in(folder);
                PairDataset dataset = PairDataset.load(request, tokenizer)) {
            return dataset.training().stream()
                    .map(pair -> tokenizer.decode(pair.prompt()))
                    .toList();
        }
    }

    private static int count(boolean[] marks) {
        return (int) IntStream.range(0, marks.length).filter(i -> marks[i]).count();
    }

    private Path write(String... lines) throws Exception {
        return Files.writeString(folder.resolve("pairs.jsonl"), String.join("", List.of(lines)));
    }

    private static DataRequest request(Path file, OnBadRow onBadRow) {
        return new DataRequest(
                PairSource.of(file, null, null), null, 512, 0, onBadRow, new Part.All(), 0);
    }

    private PairDataset load(DataRequest request) throws Exception {
        try (var tokenizer = CharacterTokenizer.in(folder)) {
            return PairDataset.load(request, tokenizer);
        }
    }

    private static PairDataset loadShared(String file, int maxLength, double evaluationFraction) {
        var request =
                new DataRequest(
                        PairSource.of(SharedFolder.path("data/" + file), null, null),
                        null,
                        maxLength,
                        evaluationFraction,
                        OnBadRow.REFUSE,
                        new Part.All(),
                        0);
        try (var tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"))) {
            return PairDataset.load(request, tokenizer);
        }
    }
}
