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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the files of a tokenizer say besides how to split text.
///
/// @param specialTokens `eos_token` and the like to their texts
record TokenizerFiles(
        int vocabularySize,
        Map<String, String> specialTokens,
        ChatTemplate.@Nullable Source chatTemplate) {
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
                chatTemplate(folder, config));
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

    /// Recent models keep the template in a file of its own, older ones in the configuration of the
    /// tokenizer, and some that also see images in `chat_template.json`.
    private static ChatTemplate.@Nullable Source chatTemplate(Path folder, JsonNode config) {
        Path ownFile = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(ownFile)) {
            try {
                return new ChatTemplate.Source(named(ownFile), Files.readString(ownFile));
            } catch (IOException e) {
                throw unreadable(ownFile, e);
            }
        }
        ChatTemplate.Source inConfig = template(folder.resolve("tokenizer_config.json"), config);
        Path ofProcessor = folder.resolve("chat_template.json");
        return inConfig == null ? template(ofProcessor, json(ofProcessor)) : inConfig;
    }

    /// Under `chat_template`: a text, or several with names, one of which is `default`.
    private static ChatTemplate.@Nullable Source template(Path file, JsonNode content) {
        JsonNode template = content.path("chat_template");
        if (template.isArray()) {
            template =
                    template.valueStream()
                            .filter(named -> named.path("name").asString("").equals("default"))
                            .map(named -> named.path("template"))
                            .findFirst()
                            .orElseThrow(() -> withoutDefault(file, content.path("chat_template")));
        }
        return template.isString()
                ? new ChatTemplate.Source(named(file) + ", chat_template", template.stringValue())
                : null;
    }

    /// With its model's folder, and no more: messages about a template reach clients of a server.
    private static String named(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        return whole.getName(whole.getNameCount() - 2) + "/" + whole.getFileName();
    }

    private static Problem withoutDefault(Path file, JsonNode templates) {
        String names =
                templates
                        .valueStream()
                        .map(named -> named.path("name").asString("?"))
                        .collect(Collectors.joining(", "));
        return Problem.badRequest(
                "The file %s has several chat templates (%s), and none is called default."
                        .formatted(file, names),
                "Copy the one the model was trained with to a file that ends in .jinja, and set"
                        + " data.template to it.");
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
