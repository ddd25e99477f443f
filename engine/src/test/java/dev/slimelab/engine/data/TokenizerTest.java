package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.Tokenizer.SpecialToken;
import dev.slimelab.engine.problem.Problem;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

import java.nio.file.Files;
import java.nio.file.Path;

/// Against ids, tokens and texts of tokenizers 0.23.2.
class TokenizerTest {
    @Test
    void everyByteLevelCaseGivesTheIdsTokensAndTextsOfTheReference() {
        try (var tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"))) {
            checkCases(tokenizer);
        }
    }

    @Test
    void mergesWrittenAsStringsAreReadToo(@TempDir Path folder) throws Exception {
        JsonNode file = SharedFolder.json("data/tokenizer/tokenizer.json");
        ArrayNode merges = (ArrayNode) file.get("model").get("merges");
        for (int i = 0; i < merges.size(); i++) {
            merges.set(
                    i,
                    merges.get(i).get(0).stringValue() + " " + merges.get(i).get(1).stringValue());
        }
        Files.writeString(
                folder.resolve("tokenizer.json"), JsonMapper.shared().writeValueAsString(file));
        try (var tokenizer = Tokenizer.load(folder)) {
            checkCases(tokenizer);
        }
    }

    @Test
    void theSpecialTokensAndTheSizeOfTheVocabularyAreKnown() {
        try (var tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"))) {
            assertThat(tokenizer.eos()).isEqualTo(new SpecialToken("<|im_end|>", 4095));
            assertThat(tokenizer.pad()).isEqualTo(new SpecialToken("<|endoftext|>", 4093));
            assertThat(tokenizer.bos()).isNull();
            assertThat(tokenizer.vocabularySize()).isEqualTo(4096);
        }
    }

    @Test
    void aSmallTokenizerGoesThereAndBack(@TempDir Path folder) throws Exception {
        try (var tokenizer = CharacterTokenizer.in(folder)) {
            int[] ids = tokenizer.encode("Hi you<|end|>");
            assertThat(ids).hasSize(7).endsWith(CharacterTokenizer.END);
            assertThat(tokenizer.decode(ids)).isEqualTo("Hi you<|end|>");
            assertThat(tokenizer.decodeText(ids)).isEqualTo("Hi you");
            assertThat(tokenizer.vocabularySize()).isEqualTo(CharacterTokenizer.END + 1);
        }
    }

    @Test
    void nothingIsCutAndNothingIsPadded() {
        try (var tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"))) {
            assertThat(tokenizer.encode("1".repeat(5000))).hasSize(5000);
        }
    }

    @Test
    void aFolderWithoutTokenizerIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("has no tokenizer.json");
    }

    @Test
    void aBrokenTokenizerIsRefused(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\"}}");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("cannot be read as a tokenizer");
    }

    private static void checkCases(Tokenizer tokenizer) {
        var softly = new SoftAssertions();
        for (JsonNode example :
                SharedFolder.json("data/tokenizer/byte_level_cases.json").get("cases")) {
            String text = example.get("text").stringValue();
            int[] ids = example.get("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
            softly.assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
            softly.assertThat(tokenizer.tokens(text))
                    .as(text)
                    .isEqualTo(
                            example.get("tokens")
                                    .valueStream()
                                    .map(JsonNode::stringValue)
                                    .toList());
            softly.assertThat(tokenizer.decode(ids))
                    .isEqualTo(example.get("decoded").stringValue());
            softly.assertThat(tokenizer.decodeText(ids))
                    .isEqualTo(example.get("decoded_skip_special").stringValue());
        }
        softly.assertAll();
    }
}
