package dev.slimelab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.data.DataInspection;
import dev.slimelab.engine.data.DataRequest;
import dev.slimelab.engine.data.OnBadRow;
import dev.slimelab.engine.data.PairSource;
import dev.slimelab.engine.data.Tokenizer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class DataCommandTest {
    private static final Path TINY = Path.of("..", "assets", "tiny");
    private static final String GOOD =
            "{\"prompt\": \"Add.\", \"chosen\": \" 3\", \"rejected\": \" 4\"}\n";

    @TempDir private Path folder;

    private record Reply(int exitCode, String out, String err) {}

    @Test
    void aSharedParquetFileIsDescribedInOneDocument() {
        Reply reply =
                data(
                        SharedFolder.path("data/ultrafeedback_zstd.parquet"),
                        SharedFolder.path("data/tokenizer"),
                        "--max-length=512",
                        "--rows=1",
                        "--json");
        JsonNode page = JsonMapper.shared().readTree(reply.out);
        assertThat(page.get("format").stringValue()).isEqualTo("ultrafeedback");
        assertThat(page.get("container").stringValue()).isEqualTo("Parquet");
        assertThat(page.get("kept").intValue()).isEqualTo(119);
        // As TRL 1.13 tokenised and cut the same rows: the prompt of row 14 has 561 tokens.
        assertThat(page.at("/tokens/prompt/longest").intValue()).isEqualTo(561);
        assertThat(page.at("/truncation/promptTooLong").intValue()).isEqualTo(1);
        assertThat(page.at("/truncation/chosen/rows").intValue()).isEqualTo(12);
        assertThat(page.at("/shown/0/prompt")).hasSize(19);
        assertThat(page.at("/shown/0/prompt/0/trained").booleanValue()).isFalse();
        assertThat(page.at("/shown/0/chosen/0/trained").booleanValue()).isTrue();
        assertThat(
                        page.at("/tokens/chosen/histogram")
                                .valueStream()
                                .mapToInt(b -> b.get("rows").intValue())
                                .sum())
                .isEqualTo(120);
    }

    @Test
    void rowsThatAreDroppedTiedOrRepeatedAreCounted() throws Exception {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(
                file,
                GOOD
                        + GOOD
                        + "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\", \"score_chosen\": 1, \"score_rejected\": 1}\n"
                        + "{\"prompt\": \"q\"}\n"
                        + "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"a\"}\n");
        JsonNode page = JsonMapper.shared().readTree(data(file, TINY, "--json").out);
        assertThat(page.get("rows").intValue()).isEqualTo(5);
        assertThat(page.get("dropped").intValue()).isEqualTo(2);
        assertThat(page.get("duplicates").intValue()).isEqualTo(1);
        assertThat(page.get("ties").intValue()).isEqualTo(1);
        assertThat(page.at("/findings").valueStream().map(f -> f.get("code").stringValue()))
                .contains("missing_field", "chosen_equals_rejected");
    }

    @Test
    void aMarkerThatTextAndEngineBothWriteIsDoubled() throws Exception {
        Path file = folder.resolve("pairs.jsonl");
        Files.writeString(
                file,
                "{\"prompt\": \"Add.\", \"chosen\": \" 3<|end|><|end|>\", \"rejected\": \" 4\"}\n");
        JsonNode page = JsonMapper.shared().readTree(data(file, TINY, "--json").out);
        assertThat(page.get("doubledEos").intValue()).isEqualTo(1);
        assertThat(page.get("doubledBos").intValue()).isZero();
    }

    @Test
    void aFileThatNoRunCouldUseIsDescribedAndRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("pairs.jsonl"), "{\"a\": 1, \"b\": 2}\n");
        Reply reply = data(file, TINY, "--json");
        assertThat(reply.exitCode).isEqualTo(2);
        assertThat(reply.err).contains("the columns are a, b").doesNotContain("\tat ");
        assertThat(JsonMapper.shared().readTree(reply.out).get("kept").intValue()).isZero();
    }

    @Test
    void columnsOfAnyNameAreNamedOnTheCommandLine() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("pairs.jsonl"),
                        "{\"ask\": \"Add.\", \"answers\": {\"good\": \" 3\", \"bad\": \" 4\"}}\n");
        Reply named =
                data(
                        file,
                        TINY,
                        "--json",
                        "--set=data.columns.prompt=ask",
                        "--set=data.columns.chosen=answers.good",
                        "--set=data.columns.rejected=answers.bad");
        assertThat(named.exitCode).as(named.err).isZero();
        assertThat(JsonMapper.shared().readTree(named.out).get("kept").intValue()).isEqualTo(1);
        assertThat(data(file, TINY).err)
                .contains("the columns are ask, answers.good, answers.bad")
                .contains("--set data.columns.chosen=answers.good");
        assertThat(data(file, TINY, "--set=data.columns.choosen=x").err)
                .contains("data.columns.choosen")
                .contains("Did you mean \"chosen\"?");
        assertThat(data(file, TINY, "--set=model.path=x").err).contains("no setting of the data");
    }

    @Test
    void rowsAreLeafedThroughWithTheReasonsOfThoseThatAreLeftOut() throws Exception {
        String same = "{\"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"a\"}\n";
        Path file =
                Files.writeString(
                        folder.resolve("pairs.jsonl"),
                        GOOD + same + "{\"prompt\": \"q\"}\n" + GOOD + same);
        JsonNode first = leaf(file, "--from=2", "--rows=2");
        assertThat(first.get("rows").valueStream().map(row -> row.get("number").intValue()))
                .containsExactly(2, 3);
        assertThat(first.get("next").intValue()).isEqualTo(4);
        assertThat(first.at("/rows/1/problems/0/code").stringValue()).isEqualTo("missing_field");
        assertThat(first.at("/rows/1/raw").stringValue()).isEqualTo("{\"prompt\":\"q\"}");
        JsonNode dropped = leaf(file, "--only=chosen_equals_rejected");
        assertThat(dropped.get("rows").valueStream().map(row -> row.get("line").intValue()))
                .containsExactly(2, 5);
        assertThat(dropped.get("next").isNull()).isTrue();
        JsonNode repeated = leaf(file, "--only=duplicate_row");
        assertThat(repeated.at("/rows/0/number").intValue()).isEqualTo(4);
        assertThat(repeated.at("/rows/0/chosen")).isNotEmpty();
        assertThat(data(file, TINY, "--only=droped").err).contains("Did you mean \"dropped\"?");
    }

    private static JsonNode leaf(Path file, String... more) {
        String[] arguments = Arrays.copyOf(more, more.length + 1);
        arguments[more.length] = "--json";
        return JsonMapper.shared().readTree(data(file, TINY, arguments).out);
    }

    @Test
    void coloursAreUsedOnlyWhereATerminalTakesThem() throws Exception {
        Path file = Files.writeString(folder.resolve("pairs.jsonl"), GOOD);
        var request =
                new DataRequest(
                        PairSource.of(file, null, null),
                        null,
                        64,
                        0,
                        OnBadRow.DROP,
                        new DataRequest.Part.All(),
                        0);
        try (Tokenizer tokenizer = Tokenizer.load(TINY)) {
            var page = new DataPage(DataInspection.of(request, tokenizer, 1), 64);
            assertThat(String.join("\n", page.lines(true))).contains("\u001b[44m", "\u001b[2m");
            List<String> plain = page.lines(false);
            assertThat(String.join("\n", plain)).doesNotContain("\u001b").contains("  + ", "  - ");
        }
    }

    private static Reply data(Path file, Path model, String... more) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        String[] arguments = new String[4 + more.length];
        arguments[0] = "data";
        arguments[1] = file.toString();
        arguments[2] = "--model";
        arguments[3] = model.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return new Reply(command.execute(arguments), out.toString(), err.toString());
    }
}
