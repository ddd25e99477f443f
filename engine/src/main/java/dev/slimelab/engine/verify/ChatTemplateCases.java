package dev.slimelab.engine.verify;

import dev.slimelab.engine.data.Chat;
import dev.slimelab.engine.data.Chat.Ending;
import dev.slimelab.engine.data.ChatTemplate;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecJson;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Rendered conversations against transformers and jinja2: the files of `chat_templates/`.
///
/// The error of a case is 0 where the text is the same, or where the template refuses what it has
/// to, in its own words; 1 otherwise.
record ChatTemplateCases(Selection selection) {
    private static final String KIND = "text";

    void run(Path folder, Consumer<Outcome> outcomes) {
        for (Path file : Folders.files(folder, ".json")) {
            JsonNode golden = SpecJson.readTree(file);
            String part = "chat_templates/" + golden.get("name").stringValue() + "/";
            if (!selection.reaches(part)) {
                continue;
            }
            var template =
                    new ChatTemplate(
                            new ChatTemplate.Source(
                                    file.toString(), golden.get("template").stringValue()),
                            specialTokens(golden));
            LocalDateTime now = LocalDateTime.parse(golden.get("now").stringValue());
            for (JsonNode test : golden.get("cases")) {
                String id = part + test.get("name").stringValue();
                if (selection.includes(id)) {
                    boolean same = passes(template, test, now);
                    outcomes.accept(Outcome.compared(id, KIND, same ? 0 : 1, 0));
                }
            }
        }
    }

    private static Map<String, String> specialTokens(JsonNode golden) {
        Map<String, String> tokens = new HashMap<>();
        for (String name : List.of("bos_token", "eos_token")) {
            if (golden.get(name).isString()) {
                tokens.put(name, golden.get(name).stringValue());
            }
        }
        return tokens;
    }

    private static boolean passes(ChatTemplate template, JsonNode test, LocalDateTime now) {
        try {
            String text = template.render(chat(test), now);
            return text.equals(test.path("expected").asString(null));
        } catch (Problem problem) {
            return test.has("error")
                    && (!test.get("error_kind").stringValue().equals("raise_exception")
                            || problem.what().contains(test.get("error").stringValue()));
        }
    }

    private static Chat chat(JsonNode test) {
        Ending ending =
                test.path("continue_final_message").asBoolean(false)
                        ? Ending.OPEN
                        : test.path("add_generation_prompt").asBoolean(false)
                                ? Ending.GENERATION_PROMPT
                                : Ending.CLOSED;
        return new Chat(
                test.get("messages").valueStream().map(ChatTemplateCases::mapping).toList(),
                ending,
                test.has("tools") ? plain(test.get("tools"), List.class) : null,
                test.has("kwargs") ? mapping(test.get("kwargs")) : Map.of());
    }

    @SuppressWarnings("unchecked") // the keys of JSON objects are strings
    private static Map<String, ?> mapping(JsonNode object) {
        return (Map<String, ?>) plain(object, Map.class);
    }

    /// As Java's maps, lists, strings and numbers.
    private static <T> T plain(JsonNode node, Class<T> type) {
        return JsonMapper.shared().convertValue(node, type);
    }
}
