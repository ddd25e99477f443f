package dev.slimelab.engine.data;

import dev.slimelab.engine.data.Fields.Refusal;
import dev.slimelab.engine.data.Fields.Text;
import dev.slimelab.engine.data.Fields.Turns;
import dev.slimelab.engine.data.Message.Role;
import dev.slimelab.engine.data.PreferenceRow.Content;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the columns of a record mean. A format is added here, and nowhere else: the containers
/// (JSON lines, arrays, CSV, Parquet) know nothing of it.
///
/// The first record decides which one a file has, by the names of its columns and the types of
/// their values, in the order of this page.
public sealed interface RowFormat {

    /// H2O LLM Studio (`instruction`, `output`, `rejected_response`), LLaMA-Factory's Alpaca
    /// ranking (`instruction`, `input`, `chosen`, `rejected`) and Orca pairs (`question`, `chosen`,
    /// `rejected`), all with an optional `system`: turns of a chat in columns of their own. Where
    /// it is asked for, `prompt` may stand for `instruction`.
    record Flat() implements RowFormat {
        @Override
        public String key() {
            return "flat";
        }

        @Override
        public Set<String> columns() {
            return Set.of(
                    "instruction",
                    "question",
                    "prompt",
                    "input",
                    "system",
                    "output",
                    "chosen",
                    "rejected",
                    "rejected_response",
                    "parent_id");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            Set<String> columns = fields.keySet();
            return columns.containsAll(Set.of("instruction", "output", "rejected_response"))
                    || columns.containsAll(Set.of("instruction", "chosen", "rejected"))
                    || columns.containsAll(Set.of("question", "chosen", "rejected"));
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            if (!fields.optionalText("parent_id").isEmpty()) {
                throw fields.malformed(
                        Code.UNSUPPORTED_PARENT,
                        "parent_id",
                        "the row continues another one (parent_id), and only single turns are read");
            }
            String system = fields.optionalText("system");
            String input = fields.optionalText("input");
            String instruction = fields.text(fields.firstOf("question", "instruction", "prompt"));
            List<Message> prompt = new ArrayList<>();
            if (!system.isEmpty()) {
                prompt.add(new Message(Role.SYSTEM, system));
            }
            prompt.add(Message.user(input.isEmpty() ? instruction : instruction + "\n" + input));
            return new Conversation(
                    prompt,
                    List.of(Message.assistant(fields.text(fields.firstOf("output", "chosen")))),
                    List.of(
                            Message.assistant(
                                    fields.text(fields.firstOf("rejected_response", "rejected")))));
        }
    }

    /// LLaMA-Factory's ShareGPT ranking: `conversations` of `{"from", "value"}`, and one such turn
    /// each in `chosen` and `rejected`.
    record ShareGptRanking() implements RowFormat {
        @Override
        public String key() {
            return "sharegpt-ranking";
        }

        @Override
        public Set<String> columns() {
            return Set.of("conversations", "system", "chosen", "rejected");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            return fields.containsKey("conversations")
                    && (fields.containsKey("chosen") || fields.containsKey("rejected"));
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            List<Message> prompt = new ArrayList<>();
            String system = fields.optionalText("system");
            if (!system.isEmpty()) {
                prompt.add(new Message(Role.SYSTEM, system));
            }
            prompt.addAll(fields.shareGptTurns("conversations"));
            return fields.conversation(
                    prompt,
                    List.of(fields.shareGptTurn("chosen")),
                    List.of(fields.shareGptTurn("rejected")));
        }
    }

    /// Single answers with a judgement each, as KTO learns from: `prompt`, `completion` and a
    /// `label` that says whether the answer is a good one.
    record Unpaired() implements RowFormat {
        @Override
        public String key() {
            return "unpaired";
        }

        @Override
        public Kind kind() {
            return Kind.UNPAIRED;
        }

        @Override
        public Set<String> columns() {
            return Set.of("prompt", "completion", "label");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            return fields.containsKey("completion") && fields.containsKey("label");
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            fields.requireBoolean("label");
            return PromptCompletion.answer(fields);
        }
    }

    /// Single answers: `prompt` and `completion`, both strings or both lists of messages.
    record PromptCompletion() implements RowFormat {
        @Override
        public String key() {
            return "prompt-completion";
        }

        @Override
        public Kind kind() {
            return Kind.ANSWERS;
        }

        @Override
        public Set<String> columns() {
            return Set.of("prompt", "completion");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            return fields.containsKey("prompt") && fields.containsKey("completion");
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            return answer(fields);
        }

        static Content answer(Fields fields) throws Refusal {
            Fields.Side prompt = fields.side("prompt");
            Fields.Side completion = fields.side("completion");
            if (prompt instanceof Text(var p) && completion instanceof Text(var c)) {
                return new Strings(p, c, "");
            }
            if (prompt instanceof Turns(var p) && completion instanceof Turns(var c)) {
                return fields.conversation(p, c, List.of());
            }
            throw fields.shapesDiffer("completion", prompt);
        }
    }

    /// Single answers: `messages`, of which the last is the answer.
    record Messages() implements RowFormat {
        @Override
        public String key() {
            return "messages";
        }

        @Override
        public Kind kind() {
            return Kind.ANSWERS;
        }

        @Override
        public Set<String> columns() {
            return Set.of("messages");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            return fields.containsKey("messages")
                    && !fields.containsKey("chosen")
                    && !fields.containsKey("rejected");
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            return fields.withLastAnswer("messages", fields.messages("messages"));
        }
    }

    /// HH-RLHF: two transcripts, whose turns begin with `Human:` and `Assistant:` after an empty
    /// line. White space around turns is no part of them.
    record HhTranscript() implements RowFormat {
        private static final Pattern TURN = Pattern.compile("\n\n(Human|Assistant):");

        @Override
        public String key() {
            return "hh-transcript";
        }

        @Override
        public Set<String> columns() {
            return Set.of("chosen", "rejected");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            JsonNode chosen = fields.get("chosen");
            return !fields.containsKey("prompt")
                    && chosen != null
                    && chosen.isString()
                    && chosen.stringValue().stripLeading().startsWith("Human:");
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            return fields.withSharedPrompt(turns(fields, "chosen"), turns(fields, "rejected"));
        }

        private static List<Message> turns(Fields fields, String field) throws Refusal {
            String transcript = "\n\n" + fields.text(field).stripLeading();
            List<MatchResult> starts = TURN.matcher(transcript).results().toList();
            List<Message> turns = new ArrayList<>();
            for (int i = 0; i < starts.size(); i++) {
                int end = i + 1 < starts.size() ? starts.get(i + 1).start() : transcript.length();
                String text = transcript.substring(starts.get(i).end(), end).strip();
                turns.add(
                        starts.get(i).group(1).equals("Human")
                                ? Message.user(text)
                                : Message.assistant(text));
            }
            if (turns.stream().noneMatch(turn -> turn.role() == Role.ASSISTANT)) {
                throw fields.malformed(
                        Code.NO_ASSISTANT_TURN, field, field + " has no turn of the assistant");
            }
            return turns;
        }
    }

    /// UltraFeedback-binarized: `prompt` a string, `chosen` and `rejected` whole conversations that
    /// begin with it.
    record UltraFeedback() implements RowFormat {
        @Override
        public String key() {
            return "ultrafeedback";
        }

        @Override
        public Set<String> columns() {
            return Set.of("prompt", "chosen", "rejected");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            JsonNode prompt = fields.get("prompt");
            JsonNode chosen = fields.get("chosen");
            JsonNode rejected = fields.get("rejected");
            return prompt != null
                    && prompt.isString()
                    && chosen != null
                    && chosen.isArray()
                    && rejected != null
                    && rejected.isArray();
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            List<Message> chosen = fields.messages("chosen");
            List<Message> rejected = fields.messages("rejected");
            boolean answersAlone = !chosen.isEmpty() && chosen.getFirst().role() == Role.ASSISTANT;
            return answersAlone
                    ? fields.conversation(
                            List.of(Message.user(fields.text("prompt"))), chosen, rejected)
                    : fields.withSharedPrompt(chosen, rejected);
        }
    }

    /// TRL's explicit prompt: `prompt`, `chosen`, `rejected`, all strings (standard) or all lists
    /// of messages (conversational).
    record Explicit() implements RowFormat {
        @Override
        public String key() {
            return "explicit";
        }

        @Override
        public Set<String> columns() {
            return Set.of("prompt", "chosen", "rejected");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            return fields.containsKey("prompt")
                    && (fields.containsKey("chosen") || fields.containsKey("rejected"));
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            Fields.Side prompt = fields.side("prompt");
            Fields.Side chosen = fields.side("chosen");
            Fields.Side rejected = fields.side("rejected");
            if (prompt instanceof Text(var p)
                    && chosen instanceof Text(var c)
                    && rejected instanceof Text(var r)) {
                return new Strings(p, c, r);
            }
            if (prompt instanceof Turns(var p)
                    && chosen instanceof Turns(var c)
                    && rejected instanceof Turns(var r)) {
                if (r.isEmpty()) {
                    throw fields.noMessages("rejected");
                }
                return fields.conversation(p, c, r);
            }
            throw fields.shapesDiffer(
                    chosen.getClass() == prompt.getClass() ? "rejected" : "chosen", prompt);
        }
    }

    /// TRL's implicit prompt: `chosen` and `rejected` begin with the same text or the same turns.
    record Implicit() implements RowFormat {
        @Override
        public String key() {
            return "implicit";
        }

        @Override
        public Set<String> columns() {
            return Set.of("chosen", "rejected");
        }

        @Override
        public boolean recognises(Map<String, JsonNode> fields) {
            return fields.containsKey("chosen") || fields.containsKey("rejected");
        }

        @Override
        public Content content(Fields fields) throws Refusal {
            Fields.Side chosen = fields.side("chosen");
            Fields.Side rejected = fields.side("rejected");
            if (chosen instanceof Turns(var c) && rejected instanceof Turns(var r)) {
                return fields.withSharedPrompt(c, r);
            }
            if (chosen instanceof Text(var c) && rejected instanceof Text(var r)) {
                int prompt = sharedPrompt(c, r);
                if (prompt == 0) {
                    throw fields.noCommonPrefix();
                }
                return new Strings(
                        c.substring(0, prompt), c.substring(prompt), r.substring(prompt));
            }
            throw fields.shapesDiffer("rejected", chosen);
        }

        /// Up to the first difference, and before the space that may precede it, as
        /// `extract_prompt` in TRL; never through a surrogate pair.
        private static int sharedPrompt(String chosen, String rejected) {
            int shared = Arrays.mismatch(chosen.toCharArray(), rejected.toCharArray());
            int end = shared < 0 ? chosen.length() : shared;
            if (end == 0) {
                return 0;
            }
            char last = chosen.charAt(end - 1);
            return last == ' ' || Character.isHighSurrogate(last) ? end - 1 : end;
        }
    }

    /// What a spec calls it.
    String key();

    /// The columns that hold its texts.
    Set<String> columns();

    /// All columns that it looks at.
    default Set<String> reads() {
        return Stream.concat(columns().stream(), COLUMNS_OF_ALL.stream())
                .collect(Collectors.toSet());
    }

    /// Whether a record with these columns is written this way.
    boolean recognises(Map<String, JsonNode> fields);

    /// The row's texts.
    ///
    /// @throws Refusal for the first fault
    Content content(Fields fields) throws Refusal;

    /// What a row of this format can teach.
    default Kind kind() {
        return Kind.PAIRS;
    }

    /// The record as a row, or what is wrong with it.
    ///
    /// @param names what its columns are called
    default RowReading read(RawRecord record, ColumnMap names) {
        if (record.fields() == null) {
            return new RowReading(record, null, record.problems());
        }
        List<RowProblem> notes = new ArrayList<>(record.problems());
        var fields = new Fields(record, names, notes);
        try {
            Content content = content(fields);
            var row =
                    new PreferenceRow(
                            record.place(), kind(), content, fields.scores(), fields.settings());
            return new RowReading(record, row, notes);
        } catch (Refusal refusal) {
            notes.add(refusal.problem());
            return new RowReading(record, null, notes);
        }
    }

    /// What any row may say beside its texts.
    Set<String> COLUMNS_OF_ALL = Set.of("score_chosen", "score_rejected", "offset", "weight");

    /// The columns that some format of pairs reads. Others, often long ones, need not be taken from
    /// a file that stores columns apart.
    Set<String> COLUMNS_OF_PAIRS =
            all().stream()
                    .filter(format -> format.kind() == Kind.PAIRS)
                    .flatMap(format -> format.reads().stream())
                    .collect(Collectors.toUnmodifiableSet());

    /// Every format there is, in the order in which they are tried.
    static List<RowFormat> all() {
        return List.of(
                new Flat(),
                new ShareGptRanking(),
                new Unpaired(),
                new PromptCompletion(),
                new Messages(),
                new HhTranscript(),
                new UltraFeedback(),
                new Explicit(),
                new Implicit());
    }

    /// The format of a record with these columns; null if it is none of ours.
    static @Nullable RowFormat of(Map<String, JsonNode> fields) {
        return all().stream().filter(format -> format.recognises(fields)).findFirst().orElse(null);
    }

    /// The format of that name.
    ///
    /// @throws Problem if there is none
    static RowFormat named(String key) {
        return all().stream()
                .filter(format -> format.key().equals(key))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problem.badRequest(
                                        "data.format is \"%s\", and the formats known are %s."
                                                .formatted(key, keys()),
                                        "Set data.format to one of them, or to \"auto\", which looks at the file."));
    }

    private static String keys() {
        return all().stream().map(RowFormat::key).collect(Collectors.joining(", "));
    }
}
