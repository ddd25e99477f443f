package dev.slimelab.engine.data;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A tokenizer for tests that need any: each ASCII character is one token, and `<|end|>` ends an
/// answer.
final class CharacterTokenizer {
    /// Follows the 95 characters without a gap: the library numbers added tokens itself, whatever
    /// id they declare.
    static final int END = 95;

    private CharacterTokenizer() {}

    static Tokenizer in(Path folder) throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        for (char c = '!'; c <= '~'; c++) {
            vocabulary.put(String.valueOf(c), vocabulary.size());
        }
        vocabulary.put("\u0120", vocabulary.size()); // how byte-level tokenizers write a space
        Map<String, Object> end =
                Map.of(
                        "id",
                        END,
                        "content",
                        "<|end|>",
                        "special",
                        true,
                        "single_word",
                        false,
                        "lstrip",
                        false,
                        "rstrip",
                        false,
                        "normalized",
                        false);
        Map<String, Object> byteLevel =
                Map.of(
                        "type",
                        "ByteLevel",
                        "add_prefix_space",
                        false,
                        "trim_offsets",
                        true,
                        "use_regex",
                        false);
        Map<String, Object> tokenizer =
                Map.of(
                        "version",
                        "1.0",
                        "added_tokens",
                        List.of(end),
                        "pre_tokenizer",
                        byteLevel,
                        "decoder",
                        byteLevel,
                        "model",
                        Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                JsonMapper.shared().writeValueAsString(tokenizer));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"eos_token\": {\"content\": \"<|end|>\"}}");
        return Tokenizer.load(folder);
    }
}
