package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.tinylab.Score.Fault;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Judges an answer by program, without a model: 0 to 10 points and the kinds of error.
public final class Scorer {
    /// An answer has this many tokens to end, its end token included.
    public static final int MAX_TOKENS = 96;

    /// How a generated answer came to its end.
    public enum Ending {
        /// By the end token, within [#MAX_TOKENS] tokens.
        END_TOKEN,
        /// By the generator, which ran out of tokens.
        CUT_OFF
    }

    /// From this share of repeated word trigrams on, an answer repeats itself. The densest right
    /// answer, a sorted list under a short opener, has 14.3 %.
    private static final double REPETITIVE = 0.15;

    /// A word or number for counting repetition. Single small letters are left out, or letters that
    /// are spelled out would count as repetition; "I" is a word.
    private static final Pattern WORD = Pattern.compile("\\p{L}{2,}|\\p{Lu}|\\p{N}+");

    private static final String PROSE = "answer is ";

    private Scorer() {}

    /// Judges one answer to a task.
    ///
    /// @param answer the text after the prompt, without markers
    public static Score score(Task task, String answer, Ending ending) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        List<String> lines = List.of(answer.split("\n", -1));
        if (!task.says(value(lines))) {
            faults.add(Fault.WRONG_VALUE);
        }
        if (!wellFormed(task, lines)) {
            faults.add(Fault.WRONG_FORM);
        }
        if (ending == Ending.CUT_OFF) {
            faults.add(Fault.NO_END);
        }
        if (Words.padding().anyMatch(answer::contains)) {
            faults.add(Fault.FILLER);
        }
        if (repeatedTrigrams(answer) >= REPETITIVE) {
            faults.add(Fault.REPETITION);
        }
        return new Score(faults);
    }

    /// What the answer gives as its value: the rest of the first answer line, or else the end of a
    /// sentence that says "the answer is"; empty if there is neither.
    private static String value(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(Solution.ANSWER)) {
                return line.substring(Solution.ANSWER.length());
            }
        }
        for (String line : lines) {
            int prose = line.indexOf(PROSE);
            if (prose >= 0) {
                return line.substring(prose + PROSE.length());
            }
        }
        return "";
    }

    private static boolean wellFormed(Task task, List<String> lines) {
        String last = lines.getLast();
        return lines.size() == task.lines()
                && Opener.accepts(lines.getFirst())
                && last.startsWith(Solution.ANSWER)
                && task.form().matcher(last.substring(Solution.ANSWER.length())).matches();
    }

    /// The share of an answer's word trigrams that occurred earlier in it, from 0 to 1.
    private static double repeatedTrigrams(String answer) {
        List<String> words = WORD.matcher(answer).results().map(MatchResult::group).toList();
        int trigrams = words.size() - 2;
        if (trigrams < 1) {
            return 0;
        }
        Set<List<String>> distinct = new HashSet<>();
        for (int i = 0; i < trigrams; i++) {
            distinct.add(words.subList(i, i + 3));
        }
        return 1 - (double) distinct.size() / trigrams;
    }
}
