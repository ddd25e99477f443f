package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// What the files of a tokenizer say besides how to split text.
///
/// @param specialTokens `eos_token` and the like to their texts
record TokenizerFiles(
        int vocabularySize, Map<String, String> specialTokens, @Nullable String chatTemplate) {
    TokenizerFiles {
        specialTokens = Map.copyOf(specialTokens);
    }

    static TokenizerFiles read(Path folder) {
        JsonNode config = json(folder.resolve("tokenizer_config.json"));
        Map<String, String> specialTokens =
                new HashMap<>(specialTokens(json(folder.resolve("special_tokens_map.json"))));
        specialTokens.putAll(specialTokens(config));
        return new TokenizerFiles(
                vocabularySize(json(folder.resolve("tokenizer.json"))),
                specialTokens,
                chatTemplate(folder.resolve("chat_template.jinja"), config.path("chat_template")));
    }

    @Nullable String specialToken(String key) {
        return specialTokens.get(key);
    }

    private static int vocabularySize(JsonNode tokenizer) {
        IntStream vocabulary =
                tokenizer.path("model").path("vocab").valueStream().mapToInt(id -> id.asInt(-1));
        IntStream added =
                tokenizer
                        .path("added_tokens")
                        .valueStream()
                        .mapToInt(token -> token.path("id").asInt(-1));
        return IntStream.concat(vocabulary, added).max().orElse(-1) + 1;
    }

    /// A special token is its text, or an object with its text as `content`.
    private static Map<String, String> specialTokens(JsonNode file) {
        Map<String, String> tokens = new HashMap<>();
        file.propertyStream()
                .filter(entry -> entry.getKey().endsWith("_token"))
                .forEach(
                        entry -> {
                            JsonNode content =
                                    entry.getValue().isObject()
                                            ? entry.getValue().path("content")
                                            : entry.getValue();
                            if (content.isString()) {
                                tokens.put(entry.getKey(), content.stringValue());
                            }
                        });
        return tokens;
    }

    /// Recent models keep the template in a file of its own; some have several, one of which is
    /// called `default`.
    private static @Nullable String chatTemplate(Path ownFile, JsonNode inConfig) {
        if (Files.isRegularFile(ownFile)) {
            try {
                return Files.readString(ownFile);
            } catch (IOException e) {
                throw unreadable(ownFile, e);
            }
        }
        if (inConfig.isString()) {
            return inConfig.stringValue();
        }
        return inConfig.valueStream()
                .filter(named -> named.path("name").asString("").equals("default"))
                .map(named -> named.path("template").asString(""))
                .findFirst()
                .orElse(null);
    }

    /// The file as a tree, an empty object if it does not exist.
    private static JsonNode json(Path file) {
        if (!Files.isRegularFile(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return JsonMapper.shared().readTree(file);
        } catch (JacksonException e) {
            throw unreadable(file, e);
        }
    }

    private static Problem unreadable(Path file, Exception cause) {
        return Problem.badRequest(
                "The file " + file + " cannot be read: " + cause.getMessage() + ".",
                "Copy it again from the model.",
                cause);
    }
}
