package dev.slimelab.engine.train;

import dev.slimelab.engine.data.Tokenizer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Finds where sentences start: after a token whose text ends in a full stop, a question or
/// exclamation mark or a line break.
///
/// Marks that follow each other end one sentence, and the end token belongs to the last. Numbers
/// such as 3.14 are taken apart where the tokenizer does so.
final class Sentences {
    private final Tokenizer tokenizer;
    private final int end;
    private final Map<Integer, Boolean> ending = new ConcurrentHashMap<>();

    Sentences(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        Tokenizer.SpecialToken eos = tokenizer.eos();
        this.end = eos == null ? -1 : eos.id();
    }

    /// Index of the first token of each sentence, from 0.
    int[] starts(int[] answer) {
        return IntStream.range(0, answer.length)
                .filter(
                        t ->
                                t == 0
                                        || (ends(answer[t - 1])
                                                && !ends(answer[t])
                                                && answer[t] != end))
                .toArray();
    }

    private boolean ends(int token) {
        return ending.computeIfAbsent(
                token,
                id -> {
                    String text = tokenizer.decode(new int[] {id});
                    String visible = text.stripTrailing();
                    return text.endsWith("\n")
                            || visible.endsWith(".")
                            || visible.endsWith("!")
                            || visible.endsWith("?");
                });
    }
}
