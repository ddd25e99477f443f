package dev.slimelab.engine.tinylab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Learns a byte-level byte-pair encoding: starting from 256 bytes, the most frequent pair of
/// neighbouring tokens inside a word becomes a token, again and again.
///
/// Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units"
/// (2016), on bytes written as printable characters as in GPT-2. Of equally frequent pairs the
/// first in alphabetical order is taken, so the result depends on the texts alone.
final class BytePairTrainer {
    /// What counts as a word: letters, one digit, or punctuation, each with the space before it, or
    /// white space. A digit stands alone, so that numbers are read digit by digit.
    static final String SPLIT_RULE = " ?\\p{L}+| ?\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+";

    private static final Pattern WORD =
            Pattern.compile(SPLIT_RULE, Pattern.UNICODE_CHARACTER_CLASS);

    private static final Comparator<Merge> ALPHABETICAL =
            Comparator.comparing(Merge::left).thenComparing(Merge::right);

    /// Two tokens that become one.
    record Merge(String left, String right) {
        String merged() {
            return left + right;
        }
    }

    /// A word as its tokens so far, with the number of times it occurs.
    private record Word(List<String> tokens, long count) {
        Stream<Merge> pairs() {
            return IntStream.range(1, tokens.size())
                    .mapToObj(i -> new Merge(tokens.get(i - 1), tokens.get(i)));
        }

        Word after(Merge merge) {
            List<String> joined = new ArrayList<>();
            for (int i = 0; i < tokens.size(); i++) {
                boolean matches =
                        i + 1 < tokens.size()
                                && tokens.get(i).equals(merge.left())
                                && tokens.get(i + 1).equals(merge.right());
                joined.add(matches ? merge.merged() : tokens.get(i));
                i += matches ? 1 : 0;
            }
            return new Word(List.copyOf(joined), count);
        }
    }

    private BytePairTrainer() {}

    /// The first `count` merges in the order in which an encoder must apply them; fewer if every
    /// word is one token before.
    static List<Merge> learn(Stream<String> texts, int count) {
        List<Word> words = words(texts);
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < count) {
            Optional<Merge> next = mostFrequent(words);
            if (next.isEmpty()) {
                break;
            }
            merges.add(next.get());
            words = words.stream().map(word -> word.after(next.get())).toList();
        }
        return List.copyOf(merges);
    }

    /// The printable character that stands for a byte. Printable Latin-1 characters stand for
    /// themselves, and the others, in order, for U+0100 onwards; a space becomes `Ġ`. Source:
    /// `bytes_to_unicode` of the GPT-2 encoder.
    static String symbol(int value) {
        if (printable(value)) {
            return Character.toString(value);
        }
        int rank = 0;
        for (int smaller = 0; smaller < value; smaller++) {
            rank += printable(smaller) ? 0 : 1;
        }
        return Character.toString(0x100 + rank);
    }

    private static boolean printable(int value) {
        return (value > 0x20 && value < 0x7F) || (value > 0xA0 && value != 0xAD);
    }

    /// The different words of the texts in alphabetical order.
    private static List<Word> words(Stream<String> texts) {
        Map<String, Long> counts = new TreeMap<>();
        texts.flatMap(text -> WORD.matcher(text).results())
                .map(MatchResult::group)
                .forEach(word -> counts.merge(word, 1L, Long::sum));
        return counts.entrySet().stream()
                .map(entry -> new Word(bytes(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static List<String> bytes(String word) {
        List<String> symbols = new ArrayList<>();
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(symbol(Byte.toUnsignedInt(value)));
        }
        return List.copyOf(symbols);
    }

    private static Optional<Merge> mostFrequent(List<Word> words) {
        Map<Merge, Long> counts = new HashMap<>();
        for (Word word : words) {
            word.pairs().forEach(pair -> counts.merge(pair, word.count(), Long::sum));
        }
        return counts.entrySet().stream()
                .max(
                        Map.Entry.<Merge, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(ALPHABETICAL.reversed())))
                .map(Map.Entry::getKey);
    }
}
