package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Chat.Ending;
import dev.slimelab.engine.data.jinja.Template;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How a conversation becomes the text that a chat model was trained on: the Jinja template that
/// the model brings, or another that is asked for.
public final class ChatTemplate {
    /// Templates that come with SlimeLab, by the name of their resource.
    private static final List<String> BUILT_IN = List.of("chatml");

    /// What templates that write today's date write, so that the same rows are the same tokens on
    /// every day. It is the day that Llama's templates fall back to.
    private static final LocalDateTime TODAY = LocalDateTime.of(2024, 7, 26, 12, 0);

    /// As transformers calls it. The space shows whether the template trims.
    private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";

    private final Template template;
    private final Map<String, String> specialTokens;

    /// Reads the source once.
    ///
    /// @param specialTokens `bos_token` and the like, which templates write by name
    /// @throws Problem bad request: if the source is no template
    public ChatTemplate(Source source, Map<String, String> specialTokens) {
        this.template = Template.parse(source.name(), source.text());
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /// A template as text.
    ///
    /// @param name the file that it is from, for messages
    public record Source(String name, String text) {}

    /// The template that the tokenizer brings.
    ///
    /// @throws Problem bad request: if it brings none, or it cannot be read
    public static ChatTemplate of(Tokenizer tokenizer) {
        @Nullable Source source = tokenizer.chatTemplate();
        if (source == null) {
            throw Problem.badRequest(
                    "Conversations need a chat template, and the tokenizer brings none.",
                    "Set data.template to the one the model was trained with: a file that ends in"
                            + " .jinja, or "
                            + names()
                            + ".");
        }
        return new ChatTemplate(source, tokenizer.specialTokens());
    }

    /// The template that is asked for: a file that ends in `.jinja`, or a built-in one by its name.
    ///
    /// @throws Problem bad request: if there is none, or it cannot be read
    public static ChatTemplate asked(String asked, Tokenizer tokenizer) {
        return new ChatTemplate(
                new Source(asked, asked.endsWith(".jinja") ? file(asked) : builtIn(asked)),
                tokenizer.specialTokens());
    }

    private static String file(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw Problem.badRequest(
                    "data.template is %s, which cannot be read: %s.".formatted(path, e),
                    "Name a file of Jinja in UTF-8, or " + names() + ".",
                    e);
        }
    }

    private static String builtIn(String name) {
        if (!BUILT_IN.contains(name)) {
            throw Problem.badRequest(
                    "data.template is %s, which is neither a file that ends in .jinja nor %s."
                            .formatted(name, names()),
                    "Set it to one of them, or to null to take the tokenizer's own.");
        }
        try (InputStream text = ChatTemplate.class.getResourceAsStream(name + ".jinja")) {
            return new String(
                    Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String names() {
        return String.join(" or ", BUILT_IN);
    }

    /// The text of the chat, without special tokens beyond those that the template writes.
    ///
    /// @param now for templates that write the date
    /// @throws Problem bad request: with the line of the template, if it refuses the chat or fails
    ///   on it
    public String render(Chat chat, LocalDateTime now) {
        return switch (chat.ending()) {
            case CLOSED, GENERATION_PROMPT -> text(chat, now);
            case OPEN -> withoutEnd(chat, now);
        };
    }

    /// The same, on the same day every day.
    public String render(Chat chat) {
        return render(chat, TODAY);
    }

    private String text(Chat chat, LocalDateTime now) {
        Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", chat.messages());
        variables.put("tools", chat.tools());
        variables.put("documents", null);
        variables.put("add_generation_prompt", chat.ending() == Ending.GENERATION_PROMPT);
        variables.putAll(chat.variables());
        return template.render(variables, now);
    }

    /// As transformers does it: the last message is marked, and the text is cut at the mark.
    private String withoutEnd(Chat chat, LocalDateTime now) {
        Chat marked = chat.marked(MARK);
        if (marked == null) {
            throw Problem.badRequest(
                    "The last message has no text to continue.", "Give its content some text.");
        }
        String text = text(marked, now);
        int end = text.lastIndexOf(MARK.strip());
        if (end < 0) {
            throw Problem.badRequest(
                    template + " leaves out the last message, which is to be continued.",
                    "End the conversation with a message that the template writes.");
        }
        String before = text.substring(0, end);
        return text.startsWith(MARK, end) ? before : before.stripTrailing();
    }
}
