package dev.slimelab.engine.tinylab;

import java.util.List;
import java.util.stream.Stream;

/// What stands under an answer's opener: the working and the value.
///
/// @param work one line, or none in the free-form families
/// @param value what follows `Answer: `
public record Solution(List<String> work, String value) {
    static final String ANSWER = "Answer: ";

    public Solution {
        work = List.copyOf(work);
    }

    /// A value that needs no working.
    static Solution free(String value) {
        return new Solution(List.of(), value);
    }

    String answerLine() {
        return ANSWER + value;
    }

    /// The whole answer. It ends without a newline: the end token says that it is over.
    String under(String opener) {
        return String.join(
                "\n",
                Stream.of(Stream.of(opener), work.stream(), Stream.of(answerLine()))
                        .flatMap(lines -> lines)
                        .toList());
    }
}
