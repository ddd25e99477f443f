package dev.slimelab.app.live;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;

import dev.slimelab.app.live.Journal.Sample;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The answer to a prompt at the first step beside that at a later one, word by word.
record AnswerChange(String prompt, Written before, Written after) {
    private static final Pattern WORD_ENDS = Pattern.compile("(?<=\\s)|(?=\\s)");

    /// An answer and which of its words the other one lacks.
    ///
    /// @param ended whether the answer ended by itself
    record Written(int step, List<Piece> pieces, boolean ended) {
        String text() {
            return String.join("", pieces.stream().map(Piece::text).toList());
        }
    }

    /// Words that both answers have at this place, or only this one.
    record Piece(String text, boolean differs) {}

    static AnswerChange of(Sample before, Sample after) {
        List<String> old = words(before.answer());
        List<String> young = words(after.answer());
        boolean[] gone = new boolean[old.size()];
        boolean[] come = new boolean[young.size()];
        for (AbstractDelta<String> delta : DiffUtils.diff(old, young).getDeltas()) {
            mark(gone, delta.getSource().getPosition(), delta.getSource().size());
            mark(come, delta.getTarget().getPosition(), delta.getTarget().size());
        }
        return new AnswerChange(
                before.prompt(),
                new Written(before.step(), pieces(old, gone), before.ended()),
                new Written(after.step(), pieces(young, come), after.ended()));
    }

    boolean isSame() {
        return before.text().equals(after.text());
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(WORD_ENDS.split(text));
    }

    private static void mark(boolean[] words, int from, int count) {
        for (int i = from; i < from + count; i++) {
            words[i] = true;
        }
    }

    private static List<Piece> pieces(List<String> words, boolean[] differ) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            text.append(words.get(i));
            if (i + 1 == words.size() || differ[i + 1] != differ[i]) {
                pieces.add(new Piece(text.toString(), differ[i]));
                text.setLength(0);
            }
        }
        return pieces;
    }
}
