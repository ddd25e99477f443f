package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Message.Role;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How a conversation becomes the text that a chat model was trained on. A template is added here,
/// and nowhere else.
public sealed interface ChatTemplate {

    /// The built-in model's markers, without spaces: `<|user|>question<|bot|>answer<|end|>`.
    record Tiny() implements ChatTemplate {
        @Override
        public String name() {
            return "tiny";
        }

        @Override
        public Set<Role> roles() {
            return EnumSet.of(Role.USER, Role.ASSISTANT);
        }

        @Override
        public String turn(Message message) {
            return message.role() == Role.ASSISTANT
                    ? "<|bot|>" + message.content() + "<|end|>"
                    : "<|user|>" + message.content();
        }

        @Override
        public String generationPrompt() {
            return "<|bot|>";
        }

        @Override
        public boolean wrote(String jinja) {
            return jinja.contains("<|user|>")
                    && jinja.contains("<|bot|>")
                    && jinja.contains("<|end|>");
        }
    }

    /// Plain ChatML: every turn between `<|im_start|>role` and `<|im_end|>`, nothing added and
    /// nothing trimmed.
    record ChatMl() implements ChatTemplate {
        private static final Pattern LITERAL = Pattern.compile("'([^']*)'|\"([^\"]*)\"");
        private static final Set<String> LITERALS =
                Set.of(
                        "<|im_start|>",
                        "<|im_end|>",
                        "<|im_end|>\n",
                        "\n",
                        "<|im_start|>assistant\n",
                        "role",
                        "content");

        @Override
        public String name() {
            return "chatml";
        }

        @Override
        public Set<Role> roles() {
            return EnumSet.allOf(Role.class);
        }

        @Override
        public String turn(Message message) {
            return "<|im_start|>"
                    + message.role().key()
                    + "\n"
                    + message.content()
                    + "<|im_end|>\n";
        }

        @Override
        public String generationPrompt() {
            return "<|im_start|>assistant\n";
        }

        /// Many models use the markers and add to them: a system message, tools, thoughts. So every
        /// text that the source writes must be one that plain ChatML writes, and nothing may trim.
        @Override
        public boolean wrote(String jinja) {
            if (!jinja.contains("<|im_start|>")
                    || jinja.contains("trim")
                    || jinja.contains("strip(")) {
                return false;
            }
            Matcher literals = LITERAL.matcher(jinja);
            return literals.results()
                    .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                    .allMatch(literal -> LITERALS.contains(literal.replace("\\n", "\n")));
        }
    }

    /// What a spec calls it.
    String name();

    /// The roles it can render.
    Set<Role> roles();

    /// One turn, with everything that belongs to it.
    String turn(Message message);

    /// What stands before an answer that the model is to write.
    String generationPrompt();

    /// Whether this is what the Jinja source renders.
    boolean wrote(String jinja);

    /// The turns, as they stand in the middle of a conversation.
    default String render(List<Message> messages) {
        return messages.stream().map(this::turn).collect(Collectors.joining());
    }

    /// The turns, and the beginning of an answer: what a model is given to generate from.
    default String renderForAnswer(List<Message> prompt) {
        return render(prompt) + generationPrompt();
    }

    /// Every template there is.
    static List<ChatTemplate> all() {
        return List.of(new Tiny(), new ChatMl());
    }

    /// The template of that name.
    ///
    /// @throws Problem if there is none
    static ChatTemplate named(String name) {
        return all().stream()
                .filter(template -> template.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "data.template is "
                                                + name
                                                + ", and the templates known are "
                                                + names()
                                                + ".",
                                        "Set data.template to one of them, or to null to take the tokenizer's own."));
    }

    /// The template that the tokenizer brings.
    ///
    /// @throws Problem if it brings none, or one that is not among ours
    static ChatTemplate of(Tokenizer tokenizer) {
        @Nullable String jinja = tokenizer.chatTemplate();
        if (jinja == null) {
            throw Problem.badRequest(
                    "The data holds conversations, and the tokenizer has no chat template.",
                    "Set data.template to the one the model was trained with: " + names() + ".");
        }
        return all().stream()
                .filter(template -> template.wrote(jinja))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "The tokenizer's chat template is none of %s, and templates are not rendered in general yet."
                                                .formatted(names()),
                                        "Set data.template to one of these names if the model is to be trained with it instead."));
    }

    private static String names() {
        return all().stream().map(ChatTemplate::name).collect(Collectors.joining(", "));
    }
}
