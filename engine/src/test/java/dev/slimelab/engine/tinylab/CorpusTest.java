package dev.slimelab.engine.tinylab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

class CorpusTest {
    /// The digest is over prompt, chosen and rejected in UTF-8, each followed by a zero byte.
    @ParameterizedTest
    @CsvSource({
        "TOKENIZER, 8ae876286f34e0e2c6bdd82adcaf21d41ec03958e7003f41c350cab92c80dfb9",
        "BASE, 1132feb30aa2d71a3fc5d8e619ed99c3e9eeecba397150a6217f66f7f1dcb230",
        "SUPERVISED, c44adb0d6bb5fc84ecae572ae4907d44515a66108479b462bf0c1bc7e22a7f3f",
        "PREFERENCE, c96f283c6fe353cbbe9523a14964b96ac592a3544078de1913cd5c29ef283043",
        "PROBE, 5243efceac23b3d70e87f4df77785f47660e4e03c9b928afae9ba7fceca8d9be",
        "HELD_OUT, 051e466a97c692f8e14c0d1a078b36a84245d529a34ae7d1931a142ba1f71e61"
    })
    void the_corpus_is_the_same_text_everywhere(Corpus.Split split, String sha256)
            throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (LabPair pair : Corpus.pairs(split)) {
            for (String text : List.of(pair.prompt(), pair.chosen(), pair.rejected())) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
        }
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sha256);
    }

    @Test
    void the_families_come_in_turn_and_in_the_order_of_their_page() {
        List<String> page =
                Arrays.stream(Task.class.getPermittedSubclasses())
                        .map(family -> family.getSimpleName().toLowerCase(Locale.ROOT))
                        .toList();
        assertThat(Corpus.pairs(0, 16))
                .extracting(pair -> pair.task().family())
                .containsExactlyElementsOf(twice(page));
    }

    @Test
    void the_opener_has_4320_forms_and_its_grammar_takes_them_all() {
        SplitMix64 random = new SplitMix64(0);
        Set<String> forms = new HashSet<>();
        // A form is missed with probability exp(-100,000 / 4,320) = 9e-11.
        for (int i = 0; i < 100_000; i++) {
            forms.add(Opener.draw(random));
        }
        assertThat(forms).hasSize(4_320).allMatch(Opener::accepts);
        assertThat(forms)
                .contains("Sure, here is the result.", "Of course! I made my work at once.");
    }

    @Test
    void flaws_have_their_shares() {
        List<LabPair> pairs = Corpus.pairs(0, 8_000);
        // The standard deviation of the largest share is sqrt(0.4 · 0.6 / 8,000) = 0.55 %.
        for (Flaw flaw : Flaw.values()) {
            long count = pairs.stream().filter(pair -> pair.flaw() == flaw).count();
            assertThat(count / 80.0).as("%s", flaw).isCloseTo(flaw.percent(), within(1.7));
        }
    }

    @Test
    void a_seed_decides_everything_and_a_longer_list_starts_with_the_shorter() {
        assertThat(Corpus.pairs(3, 100)).isEqualTo(Corpus.pairs(3, 400).subList(0, 100));
        assertThat(Corpus.pairs(3, 100)).isNotEqualTo(Corpus.pairs(4, 100));
    }

    @Test
    void the_base_is_60_percent_right() {
        List<LabAnswer> base = Corpus.base();
        long right =
                base.stream()
                        .filter(
                                text ->
                                        Scorer.score(
                                                        text.task(),
                                                        text.answer(),
                                                        Scorer.Ending.END_TOKEN)
                                                .exact())
                        .count();
        assertThat(base).hasSize(40_000);
        // The standard deviation is sqrt(0.6 · 0.4 / 40,000) = 0.25 %.
        assertThat(right / 400.0).isCloseTo(60, within(0.8));
    }

    @Test
    void no_two_splits_share_a_pair() {
        Set<String> seen = new HashSet<>();
        for (Corpus.Split split : Corpus.Split.values()) {
            List<String> texts = Corpus.pairs(split).stream().map(CorpusTest::text).toList();
            assertThat(texts).hasSize(split.size()).noneMatch(seen::contains);
            seen.addAll(texts);
        }
        assertThat(Corpus.supervised()).hasSize(4_000);
        assertThat(Corpus.tokenizerTexts()).hasSize(18_000);
    }

    @Test
    void held_out_prompts_have_thirty_of_each_family() {
        assertThat(
                        Corpus.heldOut().stream()
                                .collect(
                                        Collectors.groupingBy(
                                                pair -> pair.task().family(),
                                                Collectors.counting())))
                .hasSize(8)
                .allSatisfy((_, count) -> assertThat(count).isEqualTo(30));
    }

    @Test
    void words_that_meet_in_one_sentence_are_in_one_list_only() {
        assertThat(
                        together(
                                List.of(
                                        Words.COLOURS,
                                        Words.ANIMALS,
                                        Words.MOODS,
                                        Words.REST_VERBS,
                                        Words.PREPOSITIONS,
                                        Words.PLACE_QUALITIES,
                                        Words.PLACES,
                                        Words.TIMES)))
                .doesNotHaveDuplicates();
        assertThat(
                        together(
                                List.of(
                                        Words.NAMES,
                                        Words.OBJECTS,
                                        Words.FINDING_VERBS,
                                        Words.OBJECT_QUALITIES,
                                        Words.GIVING_VERBS,
                                        Words.MANNERS)))
                .doesNotHaveDuplicates();
        assertThat(together(List.of(Words.COLOURS, Words.OBJECTS)))
                .noneMatch(word -> "aeiou".contains(word.substring(0, 1)));
    }

    @Test
    void asking_for_no_pairs_is_refused() {
        assertThatThrownBy(() -> Corpus.pairs(0, 0))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("0 pairs");
    }

    private static String text(LabPair pair) {
        return String.join("\u0000", pair.prompt(), pair.chosen(), pair.rejected());
    }

    private static List<String> twice(List<String> items) {
        return together(List.of(items, items));
    }

    private static List<String> together(List<List<String>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }
}
