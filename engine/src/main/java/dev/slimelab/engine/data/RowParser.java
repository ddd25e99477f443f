package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Message.Role;
import dev.slimelab.engine.data.PreferenceRow.Content;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Scores;
import dev.slimelab.engine.data.PreferenceRow.Settings;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Checks the fields of one object and makes a row of them. Stops at the first fault, which it
/// names by the path of the field.
final class RowParser {
    /// Carries the first fault out of the nested checks.
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient RowProblem problem;

        Refusal(RowProblem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }
    }

    /// The value of one of the three fields.
    private sealed interface Side {}

    private record Text(String text) implements Side {}

    private record Turns(List<Message> messages) implements Side {}

    private final Place place;
    private final Map<String, JsonNode> fields;
    private final List<RowProblem> notes;

    /// @param notes what was noticed about the row already; more may be added
    RowParser(Place place, Map<String, JsonNode> fields, List<RowProblem> notes) {
        this.place = place;
        this.fields = fields;
        this.notes = notes;
    }

    RowReading read() {
        try {
            Content content = content();
            Settings settings = new Settings(number("offset"), number("weight"));
            return new RowReading(
                    place, new PreferenceRow(place, content, scores(), settings), notes);
        } catch (Refusal refusal) {
            notes.add(refusal.problem);
            return new RowReading(place, null, notes);
        }
    }

    private Content content() throws Refusal {
        if (!fields.containsKey("prompt")
                && side("chosen") instanceof Turns(var chosen)
                && side("rejected") instanceof Turns(var rejected)) {
            return withSharedPrompt(chosen, rejected);
        }
        Side prompt = side("prompt");
        Side chosen = side("chosen");
        Side rejected = side("rejected");
        if (prompt instanceof Text(var p)
                && chosen instanceof Text(var c)
                && rejected instanceof Text(var r)) {
            return new Strings(p, c, r);
        }
        if (prompt instanceof Turns(var p)
                && chosen instanceof Turns(var c)
                && rejected instanceof Turns(var r)) {
            return conversation(p, c, r);
        }
        String field = chosen.getClass() == prompt.getClass() ? "rejected" : "chosen";
        String expected = prompt instanceof Text ? "a string" : "a list of messages";
        throw malformed(
                Code.WRONG_TYPE,
                field,
                field
                        + " is "
                        + kind(field(field))
                        + ", and must be "
                        + expected
                        + " as prompt is");
    }

    private Conversation conversation(
            List<Message> prompt, List<Message> chosen, List<Message> rejected) throws Refusal {
        if (prompt.isEmpty()) {
            throw malformed(Code.EMPTY_PROMPT, "prompt", "prompt has no messages");
        }
        if (prompt.getLast().role() == Role.ASSISTANT) {
            String path = "prompt[" + (prompt.size() - 1) + "].role";
            throw malformed(
                    Code.PROMPT_ENDS_WITH_ASSISTANT,
                    path,
                    path
                            + " is assistant, and the last turn before a completion must be another's");
        }
        requireAssistant("chosen", chosen, 0);
        requireAssistant("rejected", rejected, 0);
        return new Conversation(prompt, chosen, rejected);
    }

    /// The completion begins and ends with the assistant; between them it may hold other turns, as
    /// in TRL.
    ///
    /// @param offset turns of the field that belong to the prompt
    private void requireAssistant(String field, List<Message> completion, int offset)
            throws Refusal {
        if (completion.isEmpty()) {
            throw malformed(Code.EMPTY_COMPLETION, field, field + " has no messages");
        }
        for (int i : new int[] {0, completion.size() - 1}) {
            Role role = completion.get(i).role();
            if (role != Role.ASSISTANT) {
                String path = field + "[" + (offset + i) + "].role";
                throw malformed(
                        Code.COMPLETION_NOT_ASSISTANT,
                        path,
                        path + " is " + role.key() + ", and must be assistant");
            }
        }
    }

    /// Takes the turns that both conversations begin with as the prompt, and leaves each at least
    /// its last turn.
    private Conversation withSharedPrompt(List<Message> chosen, List<Message> rejected)
            throws Refusal {
        int limit = Math.min(chosen.size(), rejected.size()) - 1;
        int shared = 0;
        while (shared < limit && chosen.get(shared).equals(rejected.get(shared))) {
            shared++;
        }
        if (shared == 0) {
            throw malformed(
                    Code.NO_COMMON_PREFIX,
                    null,
                    "there is no prompt, and chosen and rejected begin with different turns");
        }
        List<Message> prompt = chosen.subList(0, shared);
        List<Message> chosenEnd = chosen.subList(shared, chosen.size());
        List<Message> rejectedEnd = rejected.subList(shared, rejected.size());
        requireAssistant("chosen", chosenEnd, shared);
        requireAssistant("rejected", rejectedEnd, shared);
        return conversation(prompt, chosenEnd, rejectedEnd);
    }

    private Side side(String field) throws Refusal {
        JsonNode value = field(field);
        if (value.isString()) {
            return new Text(text(value, field));
        }
        if (!value.isArray()) {
            throw wrongType(field, value, "a string or a list of messages");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode element : value) {
            messages.add(message(element, field + "[" + messages.size() + "]"));
        }
        return new Turns(messages);
    }

    private Message message(JsonNode value, String path) throws Refusal {
        if (!value.isObject()) {
            throw wrongType(path, value, "a message object with role and content");
        }
        if (value.hasNonNull("tool_calls") && !value.get("tool_calls").isEmpty()) {
            throw malformed(
                    Code.UNSUPPORTED_TOOL_CALLS, path + ".tool_calls", path + " calls tools");
        }
        String key = text(present(value.get("role"), path + ".role"), path + ".role");
        Role role = Role.of(key);
        if (role == null) {
            throw malformed(
                    Code.UNKNOWN_ROLE,
                    path + ".role",
                    "%s.role is '%s', and must be one of %s"
                            .formatted(path, shortened(key), Role.known()));
        }
        return new Message(
                role, text(present(value.get("content"), path + ".content"), path + ".content"));
    }

    private @Nullable Scores scores() throws Refusal {
        Double chosen = number("score_chosen");
        Double rejected = number("score_rejected");
        return chosen == null || rejected == null ? null : new Scores(chosen, rejected);
    }

    /// A number beside the text is a help, not a need: what cannot be used is noted, except for
    /// numbers that are none, which no JSON may hold.
    private @Nullable Double number(String field) throws Refusal {
        JsonNode value = fields.get(field);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            Code code = value.isNull() ? Code.NULL_VALUE : Code.WRONG_TYPE;
            notes.add(
                    RowProblem.odd(
                            place,
                            code,
                            field,
                            field + " is " + kind(value) + ", and is not used"));
            return null;
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            throw malformed(
                    Code.NON_FINITE_NUMBER,
                    field,
                    field + " is " + value.asString() + ", which is not a number");
        }
        return number;
    }

    private JsonNode field(String name) throws Refusal {
        JsonNode value = fields.get(name);
        if (value == null) {
            throw malformed(
                    Code.MISSING_FIELD,
                    name,
                    "the field "
                            + name
                            + " is missing; the row has "
                            + String.join(", ", fields.keySet()));
        }
        return present(value, name);
    }

    private JsonNode present(@Nullable JsonNode value, String path) throws Refusal {
        if (value == null) {
            throw malformed(Code.MISSING_FIELD, path, "the field " + path + " is missing");
        }
        if (value.isNull()) {
            throw malformed(Code.NULL_VALUE, path, path + " is null");
        }
        return value;
    }

    private String text(JsonNode value, String path) throws Refusal {
        if (!value.isString()) {
            throw wrongType(path, value, "a string");
        }
        String text = value.stringValue();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                throw malformed(
                        Code.LONE_SURROGATE,
                        path,
                        "%s holds half of a surrogate pair (\\u%04x) at character %d"
                                .formatted(path, (int) text.charAt(i), i));
            }
        }
        return text;
    }

    private Refusal wrongType(String path, JsonNode value, String expected) {
        return malformed(
                Code.WRONG_TYPE, path, path + " is " + kind(value) + ", and must be " + expected);
    }

    private Refusal malformed(Code code, @Nullable String field, String message) {
        return new Refusal(RowProblem.malformed(place, code, field, message));
    }

    /// The JSON type in words, with the value where it is short.
    static String kind(JsonNode value) {
        String kind = value.getNodeType().name().toLowerCase(Locale.ROOT);
        return switch (value.getNodeType()) {
            case NUMBER, BOOLEAN -> "the " + kind + " " + shortened(value.toString());
            case STRING -> "a string";
            case ARRAY, OBJECT -> "an " + kind;
            case NULL, MISSING, BINARY, POJO -> kind;
        };
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
