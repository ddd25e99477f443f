package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.Message.Role;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class ChatTemplateTest {
    private static final List<Message> CONVERSATION =
            List.of(Message.user("q1"), Message.assistant("a1"), Message.user("q2"));

    @Test
    void theBuiltInModelsMarkersStandWithoutSpaces() {
        var tiny = new ChatTemplate.Tiny();
        assertThat(tiny.renderForAnswer(List.of(Message.user("q")))).isEqualTo("<|user|>q<|bot|>");
        assertThat(tiny.render(List.of(Message.user("q"), Message.assistant("a"))))
                .isEqualTo("<|user|>q<|bot|>a<|end|>");
        assertThat(tiny.renderForAnswer(CONVERSATION))
                .isEqualTo("<|user|>q1<|bot|>a1<|end|><|user|>q2<|bot|>");
    }

    /// Golden texts of transformers 5.18 (jinja2 3.1.6).
    @Test
    void plainChatMlRendersWhatTheReferenceRenders() {
        JsonNode golden =
                goldens()
                        .filter(file -> file.get("name").stringValue().equals("chatml"))
                        .findFirst()
                        .orElseThrow();
        var chatMl = new ChatTemplate.ChatMl();
        int checked = 0;
        for (JsonNode example : golden.get("cases")) {
            List<Message> messages = messages(example.get("messages"));
            if (messages.isEmpty()
                    || !example.has("expected")
                    || example.has("continue_final_message")) {
                continue;
            }
            boolean answer = example.path("add_generation_prompt").asBoolean(false);
            assertThat(answer ? chatMl.renderForAnswer(messages) : chatMl.render(messages))
                    .as(example.get("name").stringValue())
                    .isEqualTo(example.get("expected").stringValue());
            checked++;
        }
        assertThat(checked).isGreaterThan(3);
    }

    @Test
    void onlyPlainChatMlIsTakenForChatMl() {
        List<String> taken =
                goldens()
                        .filter(
                                file ->
                                        ChatTemplate.all().stream()
                                                .anyMatch(
                                                        template ->
                                                                template.wrote(
                                                                        file.get("template")
                                                                                .stringValue())))
                        .map(file -> file.get("name").stringValue())
                        .toList();
        assertThat(taken).containsExactly("chatml");
    }

    @Test
    void theTokenizersOwnTemplateIsFound() {
        try (var tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"))) {
            assertThat(ChatTemplate.of(tokenizer)).isEqualTo(new ChatTemplate.ChatMl());
        }
    }

    @Test
    void aTemplateWithTheBuiltInModelsMarkersIsFound() {
        String jinja =
                "{% for m in messages %}{% if m.role == 'user' %}{{ '<|user|>' + m.content }}{% else %}"
                        + "{{ '<|bot|>' + m.content + '<|end|>' }}{% endif %}{% endfor %}"
                        + "{% if add_generation_prompt %}{{ '<|bot|>' }}{% endif %}";
        assertThat(ChatTemplate.all().stream().filter(template -> template.wrote(jinja)))
                .containsExactly(new ChatTemplate.Tiny());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "chatml"})
    void everyTemplateIsFoundByItsName(String name) {
        assertThat(ChatTemplate.named(name).name()).isEqualTo(name);
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThatExist() {
        assertThatThrownBy(() -> ChatTemplate.named("llama3"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("llama3")
                .hasMessageContaining("tiny, chatml");
    }

    /// Null content and roles of our own making are beyond what rows can hold.
    private static List<Message> messages(JsonNode list) {
        boolean representable =
                list.valueStream()
                        .allMatch(
                                message ->
                                        message.path("content").isString()
                                                && Role.of(message.path("role").asString(""))
                                                        != null);
        return representable
                ? list.valueStream()
                        .map(
                                message ->
                                        new Message(
                                                Role.valueOf(
                                                        message.get("role")
                                                                .stringValue()
                                                                .toUpperCase(
                                                                        java.util.Locale.ROOT)),
                                                message.get("content").stringValue()))
                        .toList()
                : List.of();
    }

    private static Stream<JsonNode> goldens() {
        Path folder = SharedFolder.path("parity/chat_templates");
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .map(file -> JsonMapper.shared().readTree(file))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
