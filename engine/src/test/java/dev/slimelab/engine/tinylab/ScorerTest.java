package dev.slimelab.engine.tinylab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slimelab.engine.tinylab.Score.Fault;
import dev.slimelab.engine.tinylab.Scorer.Ending;

import org.junit.jupiter.api.Test;

import java.util.List;

class ScorerTest {
    private static final Task ADD = new Task.Add(47, 38);
    private static final String RIGHT =
            """
            Sure, here is the result.
            Ones: 7 + 8 = 15. Tens: 4 + 3 + 1 = 8.
            Answer: 85""";

    @Test
    void chosen_answers_are_perfect_and_each_flaw_costs_what_it_should() {
        for (LabPair pair : Corpus.pairs(0, 2_000)) {
            assertThat(score(pair.task(), pair.chosen()).faults()).as(pair.chosen()).isEmpty();
            Score rejected = score(pair.task(), pair.rejected());
            assertThat(rejected.exact()).as(pair.rejected()).isFalse();
            switch (pair.flaw()) {
                case WRONG_VALUE ->
                        assertThat(rejected.faults())
                                .as(pair.rejected())
                                .containsExactly(Fault.WRONG_VALUE);
                case WRONG_FORM ->
                        assertThat(rejected.faults())
                                .as(pair.rejected())
                                .containsExactly(Fault.WRONG_FORM);
                case VERBOSE ->
                        assertThat(rejected.faults())
                                .as(pair.rejected())
                                .containsExactlyInAnyOrder(Fault.WRONG_FORM, Fault.FILLER);
                case REPETITION ->
                        assertThat(rejected.faults())
                                .as(pair.rejected())
                                .contains(Fault.WRONG_FORM)
                                .isSubsetOf(Fault.WRONG_FORM, Fault.REPETITION);
            }
        }
    }

    /// The levels of the reference corpus: chosen 10.0 and exact 1.00, rejected 5.9 and exact at
    /// most 0.05.
    @Test
    void rejected_answers_score_5_9_on_average() {
        double mean =
                Corpus.pairs(0, 2_000).stream()
                        .mapToInt(pair -> score(pair.task(), pair.rejected()).points())
                        .average()
                        .orElseThrow();
        assertThat(mean).isCloseTo(5.9, within(0.15));
    }

    @Test
    void points_are_five_for_the_value_three_for_the_form_and_one_each_for_ending_and_cleanness() {
        assertThat(score(ADD, RIGHT).points()).isEqualTo(10);
        assertThat(score(ADD, RIGHT.replace("Answer: 85", "Answer: 86")).points()).isEqualTo(5);
        assertThat(score(ADD, RIGHT.replace("Answer", "So")).points()).isEqualTo(2);
        assertThat(score(ADD, RIGHT + "\n" + Words.COURTESIES.getFirst()).points()).isEqualTo(6);
        assertThat(score(ADD, "").points()).isEqualTo(2);
    }

    /// An answer that did not end has no valid form either.
    @Test
    void an_answer_that_is_cut_off_keeps_the_points_for_value_and_cleanness() {
        Score score = Scorer.score(ADD, RIGHT, Ending.CUT_OFF);
        assertThat(score.faults()).containsExactly(Fault.NO_END);
        assertThat(score.points()).isEqualTo(6);
        assertThat(score.exact()).isFalse();
    }

    @Test
    void a_collapsed_answer_is_repetitive() {
        assertThat(score(ADD, "Three to to to to to to").faults())
                .containsExactlyInAnyOrder(Fault.WRONG_VALUE, Fault.WRONG_FORM, Fault.REPETITION);
    }

    @Test
    void letters_that_are_spelled_out_are_not_repetitive() {
        Task task = new Task.Reverse(List.of("p", "l", "a", "n", "t"));
        assertThat(
                        score(
                                        task,
                                        "Right! I made my work.\nFrom the end: t n a l p.\nAnswer: t-n-a-l-p")
                                .exact())
                .isTrue();
    }

    private static Score score(Task task, String answer) {
        return Scorer.score(task, answer, Ending.END_TOKEN);
    }
}
