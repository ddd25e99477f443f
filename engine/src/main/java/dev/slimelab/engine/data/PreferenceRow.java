package dev.slimelab.engine.data;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// One well-formed row: a prompt with a preferred and a dispreferred completion, or with one
/// completion.
///
/// @param place where it stands in its source
/// @param scores what a judge gave the two completions, where the source says so
public record PreferenceRow(Place place, Kind kind, Content content, @Nullable Scores scores) {

    /// What a row can teach.
    public enum Kind {
        /// A chosen and a rejected completion.
        PAIRS("pairs"),
        /// One completion, held in `chosen`; `rejected` is empty.
        ANSWERS("single answers"),
        /// One completion with a judgement, likewise.
        UNPAIRED("unpaired judgements");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// For sentences.
        public String words() {
            return words;
        }
    }

    /// A position that a person can go to.
    ///
    /// @param shard which file of several; empty where the source is one file
    /// @param line physical line of the file, from 1; 0 in a file without lines, and where the
    ///   whole file is meant
    /// @param row record of the file, from 1, headers and blank lines not counted; 0 where the
    ///   whole file is meant
    public record Place(String shard, int line, int row) {
        static final Place WHOLE_FILE = new Place(0, 0);

        Place(int line, int row) {
            this("", line, row);
        }

        Place in(String shardName) {
            return new Place(shardName, line, row);
        }

        /// `line 7`, with the row where counting lines does not find it: after blank lines, or in
        /// an array without line breaks.
        public String words() {
            String within = line == 0 ? rowWords() : "line " + line + otherRow();
            return shard.isEmpty() || within.isEmpty() ? shard + within : shard + " " + within;
        }

        private String rowWords() {
            return row == 0 ? "" : "row " + row;
        }

        private String otherRow() {
            return row == 0 || row == line ? "" : " (row " + row + ")";
        }

        /// `pairs.jsonl:7`, likewise; the name alone for the whole file.
        String in(Path source) {
            Path file = shard.isEmpty() ? source : source.resolve(shard);
            return line == 0
                    ? file + (row == 0 ? "" : ", " + rowWords())
                    : file + ":" + line + otherRow();
        }
    }

    /// Higher is better.
    public record Scores(double chosen, double rejected) {}

    /// Prompt and completions, all three in the same shape.
    public sealed interface Content {
        /// All text of the prompt, without roles: for checks, not for models.
        String promptText();

        String chosenText();

        String rejectedText();
    }

    /// Raw text that the model continues; no chat template is applied unless one is asked for by
    /// name.
    public record Strings(String prompt, String chosen, String rejected) implements Content {
        @Override
        public String promptText() {
            return prompt;
        }

        @Override
        public String chosenText() {
            return chosen;
        }

        @Override
        public String rejectedText() {
            return rejected;
        }

        /// The same row as a conversation of one turn.
        public Conversation asConversation() {
            return new Conversation(
                    List.of(Message.user(prompt)),
                    List.of(Message.assistant(chosen)),
                    List.of(Message.assistant(rejected)));
        }
    }

    /// Turns of a conversation: those before the completions, and the turns of each completion.
    public record Conversation(List<Message> prompt, List<Message> chosen, List<Message> rejected)
            implements Content {
        public Conversation {
            prompt = List.copyOf(prompt);
            chosen = List.copyOf(chosen);
            rejected = List.copyOf(rejected);
        }

        @Override
        public String promptText() {
            return text(prompt);
        }

        @Override
        public String chosenText() {
            return text(chosen);
        }

        @Override
        public String rejectedText() {
            return text(rejected);
        }

        private static String text(List<Message> messages) {
            return messages.stream().map(Message::content).collect(Collectors.joining("\n"));
        }
    }
}
