package dev.slimelab.engine.data;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a chat template is given.
///
/// @param messages with `role`, `content` and whatever else the template reads
/// @param tools descriptions of functions that the model may call; null for none
/// @param variables what the template reads besides; they win over the special tokens
public record Chat(
        List<? extends Map<String, ?>> messages,
        Ending ending,
        @Nullable List<?> tools,
        Map<String, ?> variables) {

    /// How the text ends.
    public enum Ending {
        /// After the last message.
        CLOSED,
        /// With the beginning of an answer, for the model to go on.
        GENERATION_PROMPT,
        /// Inside the last message, for the model to go on.
        OPEN
    }

    /// A chat of texts alone.
    public static Chat of(List<Message> messages, Ending ending) {
        return new Chat(
                messages.stream()
                        .map(
                                message ->
                                        Map.of(
                                                "role",
                                                message.role().key(),
                                                "content",
                                                message.content()))
                        .toList(),
                ending,
                null,
                Map.of());
    }

    /// The same chat with the last content followed by a mark.
    ///
    /// @return null if the last message has no text to go on from
    @Nullable Chat marked(String mark) {
        if (messages.isEmpty()) {
            return null;
        }
        Map<String, Object> last = new HashMap<>(messages.getLast());
        Object content = marked(last.get("content"), mark);
        if (content == null) {
            return null;
        }
        last.put("content", content);
        List<Map<String, ?>> all = new ArrayList<>(messages.subList(0, messages.size() - 1));
        all.add(last);
        return new Chat(all, ending, tools, variables);
    }

    /// A text, or a list of parts of which the last with a text is marked.
    private static @Nullable Object marked(@Nullable Object content, String mark) {
        if (content instanceof String text) {
            return text + mark;
        }
        if (content instanceof List<?> parts) {
            List<Object> all = new ArrayList<>(parts);
            for (int i = all.size() - 1; i >= 0; i--) {
                if (all.get(i) instanceof Map<?, ?> part
                        && part.get("text") instanceof String text) {
                    Map<Object, Object> markedPart = new HashMap<>(part);
                    markedPart.put("text", text + mark);
                    all.set(i, markedPart);
                    return all;
                }
            }
        }
        return null;
    }
}
