package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.DataRequest.Part;
import dev.slimelab.engine.data.PreferenceRow.Content;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Scores;
import dev.slimelab.engine.data.PreferenceRow.Settings;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ColumnMapTest {
    private static final String ODD = "{\"ask\": \"q\", \"good one\": \"a\", \"bad one\": \"b\"}\n";

    @TempDir private Path folder;

    @Test
    void columnsOfAnyNameAreReadWhereTheyAreNamed() throws Exception {
        assertThat(
                        content(
                                ODD,
                                Map.of(
                                        "prompt", "ask",
                                        "chosen", "good one",
                                        "rejected", "bad one")))
                .isEqualTo(new Strings("q", "a", "b"));
    }

    @ParameterizedTest
    @CsvSource({
        "answers.good.text, answers.bad.text",
        "list.0.text, list.1.text",
        "with.dot, answers.bad.text",
    })
    void aPathLeadsIntoObjectsAndLists(String chosen, String rejected) throws Exception {
        String row =
                """
                {"q": "q", "answers": {"good": {"text": "a"}, "bad": {"text": "b"}}, \
                "list": [{"text": "a"}, {"text": "b"}], "with.dot": "a"}
                """;
        assertThat(content(row, Map.of("prompt", "q", "chosen", chosen, "rejected", rejected)))
                .isEqualTo(new Strings("q", "a", "b"));
    }

    @Test
    void turnsUnderOtherNamesAreTurns() throws Exception {
        String row =
                """
                {"talk": [{"role": "user", "content": "q"}], \
                "yes": [{"role": "assistant", "content": "a"}], \
                "no": [{"role": "assistant", "content": "b"}]}
                """;
        assertThat(content(row, Map.of("prompt", "talk", "chosen", "yes", "rejected", "no")))
                .isInstanceOf(Conversation.class);
    }

    @Test
    void twoColumnsCanChangePlaces() throws Exception {
        String row = "{\"prompt\": \"q\", \"chosen\": \"b\", \"rejected\": \"a\"}\n";
        assertThat(content(row, Map.of("chosen", "rejected", "rejected", "chosen")))
                .isEqualTo(new Strings("q", "a", "b"));
    }

    @Test
    void aSystemColumnBelongsToTheFormatThatReadsOne() throws Exception {
        Path file = write("{\"sys\": \"s\", \"ask\": \"q\", \"good\": \"a\", \"bad\": \"b\"}\n");
        var names =
                new ColumnMap(
                        Map.of(
                                "system",
                                "sys",
                                "prompt",
                                "ask",
                                "chosen",
                                "good",
                                "rejected",
                                "bad"));
        PairSource flat = PairSource.of(file, null, "flat").with(names);
        assertThat(((Conversation) row(flat).content()).prompt())
                .extracting(Message::content)
                .containsExactly("s", "q");
        assertThatThrownBy(() -> load(PairSource.of(file, null, null).with(names)))
                .hasMessage(
                        file
                                + ":1: data.columns.system is \"sys\", which the format explicit does"
                                + " not read. Leave it out, or set data.format to flat or"
                                + " sharegpt-ranking.");
    }

    @Test
    void labelsScoresOffsetsAndWeightsMayBeCalledOtherwise() throws Exception {
        PreferenceRow judged =
                row(
                        source(
                                "q,a,ok\nwhat,this,1\n",
                                Map.of("prompt", "q", "completion", "a", "label", "ok")));
        assertThat(judged.settings().label()).isTrue();
        PreferenceRow pair =
                row(
                        source(
                                "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\","
                                        + " \"meta\": {\"sa\": 4, \"sb\": 2, \"gap\": 0.5}, \"w\": 3}\n",
                                Map.of(
                                        "scoreChosen", "meta.sa",
                                        "scoreRejected", "meta.sb",
                                        "offset", "meta.gap",
                                        "weight", "w")));
        assertThat(pair.scores()).isEqualTo(new Scores(4, 2));
        assertThat(pair.settings()).isEqualTo(new Settings(0.5, 3.0, null));
    }

    @Test
    void aNameThatTheFileDoesNotHaveIsRefusedWithTheNearest() throws Exception {
        PairSource source =
                source(ODD, Map.of("prompt", "ask", "chosen", "good on", "rejected", "bad one"));
        assertThatThrownBy(() -> load(source))
                .isInstanceOf(Problem.class)
                .hasMessage(
                        source.path()
                                + ":1: data.columns.chosen is \"good on\", and the columns are ask,"
                                + " good one, bad one. Did you mean \"good one\"?");
    }

    @Test
    void aColumnThatTheFirstRowLacksIsNoMistake() throws Exception {
        String plain = "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"}\n";
        String weighed = plain.replace("}", ", \"w\": 2}");
        PairSource source = source(plain + weighed, Map.of("weight", "w"));
        assertThat(read(source))
                .extracting(reading -> requireNonNull(reading.row()).settings().weight())
                .containsExactly(null, 2.0);
    }

    @Test
    void aRowThatLacksAColumnIsToldWhichOne() throws Exception {
        PairSource source =
                source(
                        ODD + "{\"ask\": \"q\", \"bad one\": \"b\"}\n",
                        Map.of("prompt", "ask", "chosen", "good one", "rejected", "bad one"));
        assertThat(read(source).getLast().problems().getFirst().message())
                .startsWith("the field chosen (the column good one) is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"question\": \"q\", \"dispreferred\": \"b\", \"preferred\": \"a\"} | question | preferred | dispreferred",
                "{\"meta\": {\"query\": \"q\"}, \"winner\": \"a\", \"loser\": \"b\"} | meta.query | winner | loser",
                "{\"question\": \"q\", \"response_a\": \"a\", \"response_b\": \"b\"} | question | COLUMN | COLUMN",
            })
    void anUnknownFileIsToldWhatToWrite(String row, String prompt, String chosen, String rejected)
            throws Exception {
        PairSource source = source(row + "\n", Map.of());
        assertThatThrownBy(() -> load(source))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(
                        "Say which column is which: --set data.columns.prompt=%s --set data.columns.chosen=%s --set data.columns.rejected=%s,"
                                .formatted(prompt, chosen, rejected))
                .hasMessageContaining(
                        "\"columns\": { \"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\" }"
                                .formatted(prompt, chosen, rejected));
    }

    /// A file that stores columns apart is read only where columns are needed, and those that are
    /// named are.
    @Test
    void columnsOfParquetAreNamedToo() {
        PairSource source =
                PairSource.of(SharedFolder.path("data/ultrafeedback_zstd.parquet"), null, null);
        Content turned =
                row(source.with(new ColumnMap(Map.of("chosen", "rejected", "rejected", "chosen"))))
                        .content();
        assertThat(turned.chosenText()).isEqualTo(row(source).content().rejectedText());
        Content inside =
                row(source.with(
                                new ColumnMap(
                                        Map.of(
                                                "prompt", "prompt",
                                                "chosen", "chosen.1.content",
                                                "rejected", "rejected.1.content"))))
                        .content();
        assertThat(inside.chosenText()).isEqualTo(row(source).content().chosenText());
    }

    private Content content(String rows, Map<String, String> columns) throws Exception {
        return row(source(rows, columns)).content();
    }

    private static PreferenceRow row(PairSource source) {
        return requireNonNull(read(source).getFirst().usableRow());
    }

    private static List<RowReading> read(PairSource source) {
        try (Stream<RowReading> readings = source.read(source.recognise())) {
            return readings.toList();
        }
    }

    private void load(PairSource source) throws Exception {
        try (Tokenizer tokenizer = CharacterTokenizer.in(folder)) {
            PairDataset.load(
                            new DataRequest(source, null, 512, 0, OnBadRow.DROP, new Part.All(), 0),
                            tokenizer)
                    .close();
        }
    }

    private PairSource source(String rows, Map<String, String> columns) throws Exception {
        return PairSource.of(write(rows), null, null).with(new ColumnMap(columns));
    }

    private Path write(String text) throws Exception {
        return Files.writeString(folder.resolve("rows"), text);
    }
}
