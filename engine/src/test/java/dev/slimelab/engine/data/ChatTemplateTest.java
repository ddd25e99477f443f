package dev.slimelab.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slimelab.engine.SharedFolder;
import dev.slimelab.engine.data.Chat.Ending;
import dev.slimelab.engine.data.Message.Role;
import dev.slimelab.engine.problem.Problem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

class ChatTemplateTest {
    private static final List<Message> CONVERSATION =
            List.of(
                    new Message(Role.SYSTEM, " s\n"),
                    Message.user("q1"),
                    Message.assistant("a1"),
                    Message.user("q2"));

    @TempDir private Path folder;

    @BeforeEach
    void copyTokenizer() throws IOException {
        Files.copy(
                SharedFolder.path("data/tokenizer/tokenizer.json"),
                folder.resolve("tokenizer.json"));
    }

    @Test
    void theBuiltInChatMlWritesWhatTheTokenizersOwnWrites() {
        try (var tokenizer = Tokenizer.load(SharedFolder.path("data/tokenizer"))) {
            for (Ending ending : Ending.values()) {
                Chat chat = Chat.of(CONVERSATION, ending);
                assertThat(ChatTemplate.asked("chatml", tokenizer).render(chat))
                        .isEqualTo(ChatTemplate.of(tokenizer).render(chat));
            }
            assertThat(
                            ChatTemplate.of(tokenizer)
                                    .render(
                                            Chat.of(
                                                    List.of(Message.user("q")),
                                                    Ending.GENERATION_PROMPT)))
                    .isEqualTo("<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n");
        }
    }

    @Test
    void theTemplateIsFoundInEveryPlaceWhereModelsKeepIt() throws IOException {
        write("chat_template.json", "{\"chat_template\": \"processor\"}");
        assertThat(found()).isEqualTo("processor");
        write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
        assertThat(found()).isEqualTo("config");
        write(
                "tokenizer_config.json",
                """
                {"chat_template": [{"name": "tool_use", "template": "tools"},
                                   {"name": "default", "template": "named"}]}""");
        assertThat(found()).isEqualTo("named");
        write("chat_template.jinja", "own file");
        assertThat(found()).isEqualTo("own file");
    }

    @Test
    void severalTemplatesWithoutADefaultAreRefusedByTheirNames() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"r\"}]}");
        assertThatThrownBy(this::found)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("(rag)")
                .hasMessageContaining("data.template");
    }

    @Test
    void aTokenizerWithoutTemplateIsRefusedWithTheRemedy() throws IOException {
        write("tokenizer_config.json", "{}");
        assertThatThrownBy(this::found)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("the tokenizer brings none")
                .hasMessageContaining("Set data.template");
    }

    @Test
    void aFileIsTakenWhereItIsAskedFor() throws IOException {
        write("tokenizer_config.json", "{\"eos_token\": {\"content\": \"</s>\"}}");
        Path file = write("mine.jinja", "{{ messages[0].content }}{{ eos_token }}");
        try (var tokenizer = tokenizer()) {
            assertThat(
                            ChatTemplate.asked(file.toString(), tokenizer)
                                    .render(Chat.of(List.of(Message.user("q")), Ending.CLOSED)))
                    .isEqualTo("q</s>");
        }
    }

    @Test
    void whatIsNeitherAFileNorBuiltInIsRefused() throws IOException {
        try (var tokenizer = tokenizer()) {
            assertThatThrownBy(() -> ChatTemplate.asked("llama3", tokenizer))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("llama3")
                    .hasMessageContaining("chatml");
            assertThatThrownBy(() -> ChatTemplate.asked("missing.jinja", tokenizer))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("missing.jinja");
        }
    }

    @Test
    void aMessageWithoutTextCannotBeContinued() throws IOException {
        write("chat_template.jinja", "{{ messages|length }}");
        try (var tokenizer = tokenizer()) {
            ChatTemplate template = ChatTemplate.of(tokenizer);
            assertThatThrownBy(() -> template.render(Chat.of(List.of(), Ending.OPEN)))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("no text to continue");
            assertThatThrownBy(() -> template.render(Chat.of(CONVERSATION, Ending.OPEN)))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("leaves out the last message");
        }
    }

    private String found() {
        try (var tokenizer = tokenizer()) {
            ChatTemplate.of(tokenizer);
            return Objects.requireNonNull(tokenizer.chatTemplate()).text();
        }
    }

    private Tokenizer tokenizer() {
        return Tokenizer.load(folder);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
