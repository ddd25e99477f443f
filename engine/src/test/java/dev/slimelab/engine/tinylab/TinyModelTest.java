package dev.slimelab.engine.tinylab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;

import dev.slimelab.engine.tinylab.TinyModel.Marker;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/// The committed files against the code that writes them, and against the library that reads them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TinyModelTest {
    private static final Path ASSETS = Path.of("..", "assets", "tiny");

    private final HuggingFaceTokenizer tokenizer = open();

    @AfterAll
    void close() {
        tokenizer.close();
    }

    /// If this fails on purpose, write the folder again with `TinyModel.write`, and train the base
    /// model again: its weights belong to these tokens.
    @Test
    void the_committed_files_are_what_the_code_writes(@TempDir Path folder) throws IOException {
        TinyModel.write(folder);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "config.json")) {
            assertThat(folder.resolve(file)).hasSameBinaryContentAs(ASSETS.resolve(file));
        }
    }

    /// With its two markers, and without the end token. The reference corpus has 17, 32 and 39.
    @Test
    void a_prompt_has_16_tokens_a_chosen_answer_32_and_a_rejected_one_40() {
        List<LabPair> pairs = Corpus.pairs(0, 2_000);
        assertThat(mean(pairs, pair -> "<|user|>" + pair.prompt() + "<|bot|>"))
                .isCloseTo(15.7, within(0.3));
        assertThat(mean(pairs, LabPair::chosen)).isCloseTo(32.4, within(0.3));
        assertThat(mean(pairs, LabPair::rejected)).isCloseTo(40.2, within(0.6));
    }

    @Test
    void a_right_answer_ends_in_half_of_the_tokens_that_it_may_take() {
        assertThat(Corpus.pairs(0, 2_000))
                .allMatch(pair -> ids(pair.chosen() + "<|end|>").size() <= Scorer.MAX_TOKENS / 2);
    }

    @Test
    void markers_are_single_tokens() {
        for (Marker marker : Marker.values()) {
            assertThat(ids(marker.text())).containsExactly((long) marker.id());
        }
    }

    @Test
    void an_answer_has_the_same_tokens_after_any_prompt() {
        for (LabPair pair : Corpus.pairs(0, 400)) {
            List<Long> whole =
                    ids("<|user|>" + pair.prompt() + "<|bot|>" + pair.rejected() + "<|end|>");
            List<Long> answer = ids(pair.rejected() + "<|end|>");
            assertThat(whole)
                    .endsWith(answer.toArray(Long[]::new))
                    .startsWith(ids("<|user|>" + pair.prompt() + "<|bot|>").toArray(Long[]::new));
        }
    }

    @Test
    void encoding_and_decoding_gives_the_text_back() {
        for (LabPair pair : Corpus.pairs(0, 400)) {
            assertThat(decoded(ids(pair.rejected()))).isEqualTo(pair.rejected());
        }
        assertThat(decoded(ids("Grüße,  日本\n\n"))).isEqualTo("Grüße,  日本\n\n");
    }

    @Test
    void every_digit_and_every_letter_is_one_token_with_and_without_its_space() {
        for (char c : "0123456789abcdefghijklmnopqrstuvwxyz".toCharArray()) {
            assertThat(ids(Character.toString(c))).as("%s", c).hasSize(1);
            assertThat(ids(" " + c)).as("space and %s", c).hasSize(1);
        }
        assertThat(tokenizer.tokenize("185, 42")).containsExactly("1", "8", "5", ",", "Ġ4", "2");
    }

    @Test
    void the_shape_has_400_800_parameters() throws IOException {
        JsonNode config =
                JsonMapper.shared().readTree(Files.readString(ASSETS.resolve("config.json")));
        int hidden = config.get("hidden_size").asInt();
        int attention = 4 * hidden * hidden;
        int feedForward = 3 * hidden * config.get("intermediate_size").asInt();
        int norms = 2 * hidden;
        int layers = config.get("num_hidden_layers").asInt();
        assertThat(config.get("tie_word_embeddings").asBoolean()).isTrue();
        assertThat(config.get("num_key_value_heads")).isEqualTo(config.get("num_attention_heads"));
        assertThat(
                        config.get("vocab_size").asInt() * hidden
                                + layers * (attention + feedForward + norms)
                                + hidden)
                .isEqualTo(400_800);
    }

    private double mean(List<LabPair> pairs, Function<LabPair, String> text) {
        return pairs.stream()
                .mapToInt(pair -> ids(text.apply(pair)).size())
                .average()
                .orElseThrow();
    }

    private List<Long> ids(String text) {
        return LongStream.of(tokenizer.encode(text).getIds()).boxed().toList();
    }

    private String decoded(List<Long> ids) {
        return tokenizer.decode(ids.stream().mapToLong(Long::longValue).toArray());
    }

    private static HuggingFaceTokenizer open() {
        try {
            return HuggingFaceTokenizer.builder()
                    .optTokenizerPath(ASSETS.resolve("tokenizer.json"))
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
