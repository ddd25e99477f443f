package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.random.SplitMix64;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The sentences of the free-form families: their grammar as a regular expression, and the ways in
/// which they break.
final class Sentence {
    private Sentence() {}

    /// A regular expression for one word from each place in turn, separated by spaces.
    static String grammar(List<List<String>> places) {
        return places.stream().map(Words::anyOf).collect(Collectors.joining(" "));
    }

    /// The words of a value, without punctuation.
    static List<String> words(String value) {
        return List.of(value.replaceAll("[^\\p{L} ]", "").split(" ", -1));
    }

    /// The sentence without its full stop, or with two neighbours exchanged, a word doubled or a
    /// word lost. The `given` words stay, so that the value stays right; the first and the last
    /// word stay because a missing adverb would be good grammar.
    static String broken(String sentence, List<String> given, SplitMix64 random) {
        List<String> words = new ArrayList<>(List.of(sentence.split(" ", -1)));
        int inner = random.between(1, words.size() - 3);
        switch (random.below(4)) {
            case 0 -> {
                return sentence.substring(0, sentence.length() - 1);
            }
            case 1 -> Collections.swap(words, inner, inner + 1);
            case 2 -> words.add(inner, words.get(inner));
            default -> {
                List<Integer> losable =
                        IntStream.range(1, words.size() - 1)
                                .filter(i -> !given.contains(words.get(i)))
                                .boxed()
                                .toList();
                words.remove((int) random.pick(losable));
            }
        }
        return String.join(" ", words);
    }
}
