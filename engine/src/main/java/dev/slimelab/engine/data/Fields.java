package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Message.Role;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Scores;
import dev.slimelab.engine.data.RowProblem.Code;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The fields of one record, taken out with checks. The first fault ends the reading of the record
/// and is named by the path of the field.
final class Fields {
    /// Carries the first fault out of the nested checks.
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient RowProblem problem;

        Refusal(RowProblem problem) {
            super(problem.message(), null, false, false);
            this.problem = problem;
        }

        RowProblem problem() {
            return problem;
        }
    }

    /// The value of a field that may be text or turns.
    sealed interface Side {}

    record Text(String text) implements Side {}

    record Turns(List<Message> messages) implements Side {}

    private static final Map<String, Boolean> BOOLEANS =
            Map.of(
                    "true", true, "True", true, "1", true, "false", false, "False", false, "0",
                    false);

    private final Place place;
    private final Map<String, JsonNode> fields;
    private final ColumnMap names;
    private final List<RowProblem> notes;

    /// @param record one that could be read
    /// @param notes what was noticed about the record already; more may be added
    Fields(RawRecord record, ColumnMap names, List<RowProblem> notes) {
        this.place = record.place();
        this.fields = names.applied(record.columns());
        this.names = names;
        this.notes = notes;
    }

    private boolean has(String field) {
        return fields.containsKey(field);
    }

    /// The first of these that the record has; the last where it has none.
    String firstOf(String... names) {
        return Arrays.stream(names).filter(this::has).findFirst().orElse(names[names.length - 1]);
    }

    /// The text of a field that must be there.
    String text(String field) throws Refusal {
        return text(field(field), field);
    }

    /// The text of a field that may be absent, null or empty.
    String optionalText(String field) throws Refusal {
        JsonNode value = fields.get(field);
        return value == null || value.isNull() ? "" : text(value, field);
    }

    List<Message> messages(String field) throws Refusal {
        JsonNode value = field(field);
        if (!value.isArray()) {
            throw wrongType(field, value, "a list of messages");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode element : value) {
            messages.add(message(element, field + "[" + messages.size() + "]"));
        }
        return messages;
    }

    /// Turns written as `{"from": "human", "value": …}`.
    List<Message> shareGptTurns(String field) throws Refusal {
        JsonNode value = field(field);
        if (!value.isArray()) {
            throw wrongType(field, value, "a list of turns");
        }
        List<Message> turns = new ArrayList<>();
        for (JsonNode element : value) {
            turns.add(shareGptTurn(element, field + "[" + turns.size() + "]"));
        }
        return turns;
    }

    Message shareGptTurn(String field) throws Refusal {
        return shareGptTurn(field(field), field);
    }

    private Message shareGptTurn(JsonNode value, String path) throws Refusal {
        if (!value.isObject()) {
            throw wrongType(path, value, "an object with from and value");
        }
        String from = text(present(value.get("from"), path + ".from"), path + ".from");
        Role role =
                switch (from) {
                    case "human" -> Role.USER;
                    case "gpt" -> Role.ASSISTANT;
                    case "observation" -> Role.TOOL;
                    default -> Role.of(from);
                };
        if (role == null) {
            throw malformed(
                    Code.UNKNOWN_ROLE,
                    path + ".from",
                    "%s.from is '%s', and must be one of human, gpt, observation, %s"
                            .formatted(path, shortened(from), Role.known()));
        }
        return new Message(
                role, text(present(value.get("value"), path + ".value"), path + ".value"));
    }

    /// True or false, as JSON writes it or as a table can.
    void requireBoolean(String field) throws Refusal {
        JsonNode value = field(field);
        if (judgement(field) == null) {
            throw wrongType(field, value, "true or false");
        }
    }

    /// Null for anything else than [true or false][#requireBoolean].
    private @Nullable Boolean judgement(String field) {
        JsonNode value = fields.get(field);
        return value == null ? null : BOOLEANS.get(value.asString(""));
    }

    Refusal noMessages(String field) {
        return malformed(Code.EMPTY_COMPLETION, field, field + " has no messages");
    }

    Refusal noCommonPrefix() {
        return malformed(
                Code.NO_COMMON_PREFIX,
                null,
                "there is no prompt, and chosen and rejected begin differently");
    }

    /// A field whose value is a string where another's is a list, or the other way round.
    Refusal shapesDiffer(String field, Side first) throws Refusal {
        String expected = first instanceof Text ? "a string" : "a list of messages";
        return malformed(
                Code.WRONG_TYPE,
                field,
                "%s is %s, and must be %s as %s is"
                        .formatted(
                                field,
                                kind(field(field)),
                                expected,
                                has("prompt") ? "prompt" : "chosen"));
    }

    Conversation conversation(List<Message> prompt, List<Message> chosen, List<Message> rejected)
            throws Refusal {
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
        if (!rejected.isEmpty()) {
            requireAssistant("rejected", rejected, 0);
        }
        return new Conversation(prompt, chosen, rejected);
    }

    /// A conversation whose last turn is the answer; what comes before is the prompt.
    Conversation withLastAnswer(String field, List<Message> turns) throws Refusal {
        if (turns.size() < 2) {
            throw malformed(
                    Code.EMPTY_PROMPT, field, field + " has no turn before the last one's answer");
        }
        int last = turns.size() - 1;
        List<Message> answer = turns.subList(last, turns.size());
        requireAssistant(field, answer, last);
        return conversation(turns.subList(0, last), answer, List.of());
    }

    /// The completion begins and ends with the assistant; between them it may hold other turns, as
    /// in TRL.
    ///
    /// @param offset turns of the field that belong to the prompt
    private void requireAssistant(String field, List<Message> completion, int offset)
            throws Refusal {
        if (completion.isEmpty()) {
            throw noMessages(field);
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
    Conversation withSharedPrompt(List<Message> chosen, List<Message> rejected) throws Refusal {
        int limit = Math.min(chosen.size(), rejected.size()) - 1;
        int shared = 0;
        while (shared < limit && chosen.get(shared).equals(rejected.get(shared))) {
            shared++;
        }
        if (shared == 0) {
            throw noCommonPrefix();
        }
        List<Message> prompt = chosen.subList(0, shared);
        List<Message> chosenEnd = chosen.subList(shared, chosen.size());
        List<Message> rejectedEnd = rejected.subList(shared, rejected.size());
        requireAssistant("chosen", chosenEnd, shared);
        requireAssistant("rejected", rejectedEnd, shared);
        return conversation(prompt, chosenEnd, rejectedEnd);
    }

    Side side(String field) throws Refusal {
        JsonNode value = field(field);
        if (value.isString()) {
            return new Text(text(value, field));
        }
        if (!value.isArray()) {
            throw wrongType(field, value, "a string or a list of messages");
        }
        return new Turns(messages(field));
    }

    Message message(JsonNode value, String path) throws Refusal {
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

    PreferenceRow.Settings settings() {
        return new PreferenceRow.Settings(usable("offset"), usable("weight"), judgement("label"));
    }

    @Nullable Scores scores() {
        Double chosen = usable("score_chosen");
        Double rejected = usable("score_rejected");
        return chosen == null || rejected == null ? null : new Scores(chosen, rejected);
    }

    /// A number beside the text is a help, not a need: what cannot be used is noted. Tables hold
    /// numbers as text.
    private @Nullable Double usable(String field) {
        JsonNode value = fields.get(field);
        if (value == null || (value.isString() && value.stringValue().isEmpty())) {
            return null;
        }
        Double number = number(value);
        if (number != null && Double.isFinite(number)) {
            return number;
        }
        Code code =
                number != null
                        ? Code.NON_FINITE_NUMBER
                        : value.isNull() ? Code.NULL_VALUE : Code.WRONG_TYPE;
        String what = number == null ? kind(value) : number.toString();
        notes.add(RowProblem.odd(place, code, field, field + " is " + what + ", and is not used"));
        return null;
    }

    private static @Nullable Double number(JsonNode value) {
        if (value.isString()) {
            return parsed(value.stringValue());
        }
        return value.isNumber() ? (Double) value.doubleValue() : null;
    }

    private static @Nullable Double parsed(String number) {
        try {
            return Double.valueOf(number);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    JsonNode field(String name) throws Refusal {
        JsonNode value = fields.get(name);
        if (value == null) {
            throw malformed(
                    Code.MISSING_FIELD,
                    name,
                    "the field "
                            + names.words(name)
                            + " is missing; the row has "
                            + String.join(", ", fields.keySet()));
        }
        return present(value, name);
    }

    JsonNode present(@Nullable JsonNode value, String path) throws Refusal {
        if (value == null) {
            throw malformed(Code.MISSING_FIELD, path, "the field " + path + " is missing");
        }
        if (value.isNull()) {
            throw malformed(Code.NULL_VALUE, path, path + " is null");
        }
        return value;
    }

    String text(JsonNode value, String path) throws Refusal {
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

    Refusal wrongType(String path, JsonNode value, String expected) {
        return malformed(
                Code.WRONG_TYPE, path, path + " is " + kind(value) + ", and must be " + expected);
    }

    Refusal malformed(Code code, @Nullable String field, String message) {
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

    static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
