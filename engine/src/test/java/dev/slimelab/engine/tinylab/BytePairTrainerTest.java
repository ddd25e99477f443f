package dev.slimelab.engine.tinylab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.tinylab.BytePairTrainer.Merge;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;
import java.util.stream.Stream;

class BytePairTrainerTest {
    /// Sennrich et al. 2016, figure 1, without the end-of-word mark: `low` 5, `lower` 2, `newest`
    /// 6, `widest` 3. `es` and `st` occur 9 times each, and `es` comes first in the alphabet; then
    /// `est` 9; then `lo` 7 and `ow` 7.
    @Test
    void the_most_frequent_pair_is_merged_and_the_alphabet_decides_between_equals() {
        Stream<String> texts =
                Stream.of(
                        "low\nlow\nlow\nlow\nlow",
                        "lower\nlower",
                        "newest\nnewest\nnewest\nnewest\nnewest\nnewest",
                        "widest\nwidest\nwidest");
        assertThat(BytePairTrainer.learn(texts, 4))
                .containsExactly(
                        new Merge("e", "s"),
                        new Merge("es", "t"),
                        new Merge("l", "o"),
                        new Merge("lo", "w"));
    }

    @Test
    void learning_ends_when_every_word_is_one_token() {
        assertThat(BytePairTrainer.learn(Stream.of("aa aa"), 10))
                .containsExactly(new Merge("a", "a"), new Merge("Ġ", "aa"));
    }

    @Test
    void a_digit_joins_the_space_before_it_and_nothing_else() {
        assertThat(BytePairTrainer.learn(Stream.of("12 12 12"), 10))
                .containsExactly(new Merge("Ġ", "1"));
    }

    /// The first and last bytes of GPT-2's table.
    @Test
    void bytes_have_printable_symbols_of_their_own() {
        assertThat(IntStream.range(0, 256).mapToObj(BytePairTrainer::symbol))
                .doesNotHaveDuplicates();
        assertThat(
                        IntStream.of(0, '\n', ' ', '!', '~', 0x7F, 0xA0, 0xAD, 0xFF)
                                .mapToObj(BytePairTrainer::symbol))
                .containsExactly("Ā", "Ċ", "Ġ", "!", "~", "ġ", "ł", "Ń", "ÿ");
    }
}
