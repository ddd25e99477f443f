package dev.slimelab.engine.data;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// One turn of a conversation.
public record Message(Role role, String content) {

    /// Who speaks. Files and chat templates write the names in lower case.
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL;

        /// The name as files write it.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The role of that name, or null if there is none.
        public static @Nullable Role of(String key) {
            return Arrays.stream(values())
                    .filter(role -> role.key().equals(key))
                    .findFirst()
                    .orElse(null);
        }

        static String known() {
            return Arrays.stream(values()).map(Role::key).collect(Collectors.joining(", "));
        }
    }

    public static Message user(String content) {
        return new Message(Role.USER, content);
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content);
    }
}
