package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PreferenceRow.Content;
import dev.slimelab.engine.data.PreferenceRow.Conversation;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.PreferenceRow.Strings;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.file.Sha256;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds rows that are well-formed and still not worth training on, and rows worth a second look.
/// Remembers sixteen bytes of every row it has seen, to find repetitions: one instance goes with
/// one pass over a source.
final class RowLint {
    /// About 25,000 tokens: longer than any model context that is trained on here.
    static final int VERY_LONG = 100_000;

    private record Fingerprint(long high, long low) {}

    private final Map<Fingerprint, Place> seen = new HashMap<>();

    /// The reading with what was found added.
    RowReading inspect(RowReading reading) {
        PreferenceRow row = reading.usableRow();
        if (row == null) {
            return reading;
        }
        List<RowProblem> problems = new ArrayList<>(reading.problems());
        RowProblem degenerate = degenerate(row);
        if (degenerate != null) {
            problems.add(degenerate);
        } else {
            problems.addAll(oddities(row));
        }
        return new RowReading(reading.record(), row, problems);
    }

    private static @Nullable RowProblem degenerate(PreferenceRow row) {
        Content content = row.content();
        if (content.promptText().isBlank()) {
            return RowProblem.degenerate(
                    row.place(), Code.EMPTY_PROMPT, "prompt", "prompt is empty");
        }
        RowProblem chosen = emptyCompletion(row.place(), "chosen", content.chosenText());
        if (chosen != null) {
            return chosen;
        }
        if (row.kind() != Kind.PAIRS) {
            return null;
        }
        RowProblem rejected = emptyCompletion(row.place(), "rejected", content.rejectedText());
        if (rejected != null) {
            return rejected;
        }
        return content.chosenText().equals(content.rejectedText())
                ? RowProblem.degenerate(
                        row.place(),
                        Code.CHOSEN_EQUALS_REJECTED,
                        null,
                        "chosen and rejected are the same text")
                : null;
    }

    private static @Nullable RowProblem emptyCompletion(Place place, String field, String text) {
        if (text.isEmpty()) {
            return RowProblem.degenerate(place, Code.EMPTY_COMPLETION, field, field + " is empty");
        }
        return text.isBlank()
                ? RowProblem.degenerate(
                        place, Code.BLANK_COMPLETION, field, field + " is nothing but white space")
                : null;
    }

    private List<RowProblem> oddities(PreferenceRow row) {
        Place place = row.place();
        Content content = row.content();
        List<RowProblem> found = new ArrayList<>();
        addIfVeryLong(found, place, "prompt", content.promptText());
        addIfVeryLong(found, place, "chosen", content.chosenText());
        addIfVeryLong(found, place, "rejected", content.rejectedText());
        if (row.scores() != null && row.scores().chosen() < row.scores().rejected()) {
            found.add(
                    RowProblem.odd(
                            place,
                            Code.SCORE_ORDER,
                            null,
                            "score_chosen %s is below score_rejected %s"
                                    .formatted(row.scores().chosen(), row.scores().rejected())));
        }
        if (row.scores() != null && row.scores().chosen() == row.scores().rejected()) {
            found.add(
                    RowProblem.odd(
                            place,
                            Code.TIE,
                            null,
                            "both completions have the score " + row.scores().chosen()));
        }
        List<String> parts = parts(content);
        Place same = seen.putIfAbsent(fingerprint(parts), place);
        if (same != null) {
            found.add(
                    RowProblem.odd(
                            place, Code.DUPLICATE_ROW, null, "the row repeats " + same.words()));
        }
        Place opposite = seen.get(fingerprint(List.of(parts.get(0), parts.get(2), parts.get(1))));
        if (opposite != null) {
            found.add(
                    RowProblem.odd(
                            place,
                            Code.CONTRADICTORY_PAIR,
                            null,
                            "the row prefers the answer that " + opposite.words() + " rejects"));
        }
        return found;
    }

    private static void addIfVeryLong(
            List<RowProblem> found, Place place, String field, String text) {
        if (text.length() > VERY_LONG) {
            found.add(
                    RowProblem.odd(
                            place,
                            Code.VERY_LONG,
                            field,
                            "%s has %,d characters".formatted(field, text.length())));
        }
    }

    /// Prompt, chosen and rejected, with the roles where there are any.
    private static List<String> parts(Content content) {
        return switch (content) {
            case Strings(String prompt, String chosen, String rejected) ->
                    List.of(prompt, chosen, rejected);
            case Conversation(List<Message> prompt, List<Message> chosen, List<Message> rejected) ->
                    List.of(prompt.toString(), chosen.toString(), rejected.toString());
        };
    }

    private static Fingerprint fingerprint(List<String> parts) {
        MessageDigest digest = Sha256.digest();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
            digest.update(bytes);
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong());
    }
}
