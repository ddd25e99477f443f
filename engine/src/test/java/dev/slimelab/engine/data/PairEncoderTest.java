package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.PairEncoder.Encoded;
import dev.slimelab.engine.data.PairEncoder.Lengths;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Against what the DPOTrainer of TRL 1.13.0 (transformers 5.18.0) made of the same rows.
class PairEncoderTest {
    private static final int UNLIMITED = 1 << 20;

    private final Map<String, List<PreferenceRow>> files = new HashMap<>();
    private Tokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"));
    }

    @AfterEach
    void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Test
    void conversationsHaveTheIdsOfTheReference() {
        var encoder = new PairEncoder(tokenizer, null, UNLIMITED);
        int checked = 0;
        for (JsonNode expected :
                SharedFolder.json("data/tokenizer/tokenized.json").get("conversational")) {
            Encoded encoded = encoder.encode(row(expected));
            check(pair(encoded), expected);
            assertThat(encoded.problems()).isEmpty();
            checked++;
        }
        assertThat(checked).isEqualTo(30);
    }

    @Test
    void plainStringsHaveTheIdsOfTheReferenceAndSharedTokensAreNoted() {
        var encoder = new PairEncoder(tokenizer, null, UNLIMITED);
        int checked = 0;
        for (JsonNode expected :
                SharedFolder.json("data/tokenizer/tokenized.json").get("standard_strings")) {
            Encoded encoded = encoder.encode(strings(expected));
            check(pair(encoded), expected);
            // The flag of the reference looks at the chosen side only; in row 6 it is the rejected
            // side that shares "][" with the prompt.
            List<String> shared =
                    encoded.problems().stream()
                            .map(problem -> problem.code() + " " + problem.field())
                            .toList();
            assertThat(shared.contains("PREFIX_MISMATCH chosen"))
                    .isEqualTo(expected.get("prefix_mismatch").booleanValue());
            assertThat(shared.contains("PREFIX_MISMATCH rejected"))
                    .isEqualTo(expected.path("row").asInt(0) == 6);
            checked++;
        }
        assertThat(checked).isEqualTo(9);
    }

    @Test
    void theEndOfWhatIsTooLongIsCutAsTheReferenceCutsIt() {
        var encoder = new PairEncoder(tokenizer, null, 512);
        for (JsonNode expected :
                SharedFolder.json("data/tokenizer/tokenized.json").get("conversational")) {
            Encoded encoded = encoder.encode(row(expected));
            JsonNode cut = expected.get("keep_start_512");
            if (!expected.get("kept_max_length_512").booleanValue()) {
                assertThat(encoded.pair()).isNull();
                assertThat(encoded.problems())
                        .singleElement()
                        .extracting(RowProblem::code)
                        .isEqualTo(Code.TRUNCATED_TO_NOTHING);
                continue;
            }
            checkCut(pair(encoded).prompt(), pair(encoded).chosen(), cut, "chosen");
            checkCut(pair(encoded).prompt(), pair(encoded).rejected(), cut, "rejected");
            Lengths lengths = requireNonNull(encoded.lengths());
            assertThat(Math.max(0, lengths.prompt() + lengths.chosen() - 512))
                    .isEqualTo(
                            expected.get("chosen_ids").size()
                                    - cut.get("chosen_completion_tokens").intValue());
        }
    }

    @TestFactory
    Stream<DynamicTest> theRowsKeptAreThoseThatTheReferenceKeeps() {
        return IntStream.of(128, 512)
                .mapToObj(
                        maxLength ->
                                DynamicTest.dynamicTest(
                                        "maxLength " + maxLength,
                                        () -> {
                                            var encoder =
                                                    new PairEncoder(tokenizer, null, maxLength);
                                            for (JsonNode expected :
                                                    SharedFolder.json(
                                                                    "data/tokenizer/tokenized.json")
                                                            .get("conversational")) {
                                                assertThat(
                                                                encoder.encode(row(expected)).pair()
                                                                        != null)
                                                        .as("row " + expected.get("row"))
                                                        .isEqualTo(
                                                                expected.get(
                                                                                "kept_max_length_"
                                                                                        + maxLength)
                                                                        .booleanValue());
                                            }
                                        }));
    }

    @Test
    void completionsThatAreTheSameAfterTheCutAreLeftOut() {
        var row =
                new PreferenceRow(
                        new Place(7, 7),
                        Kind.PAIRS,
                        new Strings("Count:", " 1 2 3 4 5", " 1 2 3 4 6"),
                        null);
        assertThat(new PairEncoder(tokenizer, null, 5).encode(row).problems())
                .singleElement()
                .extracting(RowProblem::code)
                .isEqualTo(Code.EQUAL_AFTER_TRUNCATION);
    }

    @Test
    void plainStringsNeedAnEndToken(@TempDir Path folder) throws Exception {
        Files.copy(
                SharedFolder.path("data/tokenizer/tokenizer.json"),
                folder.resolve("tokenizer.json"));
        var row = new PreferenceRow(new Place(1, 1), Kind.PAIRS, new Strings("q", "a", "b"), null);
        try (var endless = Tokenizer.load(folder)) {
            var encoder = new PairEncoder(endless, null, UNLIMITED);
            assertThatThrownBy(() -> encoder.encode(row))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("names no end token");
        }
    }

    @Test
    void stringsGetTheTemplateThatIsAskedForByName() {
        var strings = new Strings("q", "a", "b");
        var encoder = new PairEncoder(tokenizer, "chatml", UNLIMITED);
        TokenPair asStrings =
                pair(encoder.encode(new PreferenceRow(new Place(1, 1), Kind.PAIRS, strings, null)));
        TokenPair asTurns =
                pair(
                        encoder.encode(
                                new PreferenceRow(
                                        new Place(1, 1),
                                        Kind.PAIRS,
                                        strings.asConversation(),
                                        null)));
        assertThat(asStrings.prompt()).isEqualTo(asTurns.prompt());
        assertThat(tokenizer.decode(asStrings.prompt()))
                .isEqualTo("<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n");
        assertThat(tokenizer.decode(asStrings.chosen())).isEqualTo("a<|im_end|>\n");
    }

    @Test
    void whatTheTemplateRefusesIsAProblemOfTheRow(@TempDir Path folder) throws Exception {
        Path template =
                Files.writeString(
                        folder.resolve("strict.jinja"),
                        "{% for m in messages %}{% if m.role == 'system' %}"
                                + "{{ raise_exception('No system role!') }}{% endif %}{% endfor %}");
        var row =
                new PreferenceRow(
                        new Place(3, 2),
                        Kind.PAIRS,
                        new Conversation(
                                List.of(new Message(Message.Role.SYSTEM, "s"), Message.user("q")),
                                List.of(Message.assistant("a")),
                                List.of(Message.assistant("b"))),
                        null);
        RowProblem problem =
                new PairEncoder(tokenizer, template.toString(), UNLIMITED)
                        .encode(row)
                        .problems()
                        .getFirst();
        assertThat(problem.code()).isEqualTo(Code.TEMPLATE_REFUSES);
        assertThat(problem.message()).endsWith("refuses the conversation: No system role!");
    }

    /// The tokenizer puts `<s>` before every text, and so does the template.
    @Test
    void theBeginningMarkerOfATemplateIsNotDoubled(@TempDir Path folder) throws Exception {
        Files.copy(
                SharedFolder.path("data/tokenizer/sp_llama_like/tokenizer.json"),
                folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\"}");
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}");
        try (var llama = Tokenizer.load(folder)) {
            int bos = Objects.requireNonNull(llama.bos()).id();
            var row =
                    new PreferenceRow(
                            new Place(1, 1),
                            Kind.PAIRS,
                            new Strings("q", " a", " b").asConversation(),
                            null);
            TokenPair pair = pair(new PairEncoder(llama, null, UNLIMITED).encode(row));
            assertThat(llama.encodeWithSpecials("q")).startsWith(bos);
            assertThat(pair.prompt()).startsWith(bos).containsOnlyOnce(bos);
        }
    }

    private static TokenPair pair(Encoded encoded) {
        return Objects.requireNonNull(encoded.pair(), () -> encoded.problems().toString());
    }

    private static void check(TokenPair pair, JsonNode expected) {
        assertThat(pair.prompt()).isEqualTo(ids(expected.get("prompt_ids")));
        assertThat(pair.chosen()).isEqualTo(ids(expected.get("chosen_ids")));
        assertThat(pair.rejected()).isEqualTo(ids(expected.get("rejected_ids")));
    }

    private static void checkCut(int[] prompt, int[] completion, JsonNode cut, String side) {
        assertThat(completion).hasSize(cut.get(side + "_completion_tokens").intValue());
        if (cut.has(side + "_input_ids")) {
            int[] whole =
                    IntStream.concat(Arrays.stream(prompt), Arrays.stream(completion)).toArray();
            assertThat(whole).isEqualTo(ids(cut.get(side + "_input_ids")));
        }
    }

    private static int[] ids(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    /// A row of strings is given in full, or is a row of conversations taken as strings.
    private PreferenceRow strings(JsonNode expected) {
        if (expected.has("file")) {
            var content = row(expected).content();
            return new PreferenceRow(
                    new Place(1, 1),
                    Kind.PAIRS,
                    new Strings(content.promptText(), content.chosenText(), content.rejectedText()),
                    null);
        }
        return new PreferenceRow(
                new Place(1, 1),
                Kind.PAIRS,
                new Strings(
                        expected.get("prompt").stringValue(),
                        expected.get("chosen").stringValue(),
                        expected.get("rejected").stringValue()),
                null);
    }

    private PreferenceRow row(JsonNode expected) {
        return files.computeIfAbsent(expected.get("file").stringValue(), PairEncoderTest::rows)
                .get(expected.get("row").intValue() - 1);
    }

    private static List<PreferenceRow> rows(String file) {
        try (Stream<RowReading> readings = Rows.of(SharedFolder.path("data/" + file))) {
            List<PreferenceRow> rows = new ArrayList<>();
            readings.forEach(reading -> rows.add(reading.usableRow()));
            return rows;
        }
    }
}
