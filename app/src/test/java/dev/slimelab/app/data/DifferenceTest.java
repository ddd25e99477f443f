package dev.slimelab.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

class DifferenceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 2 3 | 1 2 3 | {} | {}",
                "1 2 3 | 1 9 3 | {1} | {1}",
                "1 2 3 4 | 1 3 4 | {1} | {}",
                "1 2 3 4 5 | 1 7 3 8 5 | {1, 3} | {1, 3}",
                "1 2 | 3 | {0, 1} | {0}",
            })
    void whatIsNotCommonDiffers(String left, String right, String onlyLeft, String onlyRight) {
        Difference difference = Difference.of(ids(left), ids(right));
        assertThat(difference.left()).hasToString(onlyLeft);
        assertThat(difference.right()).hasToString(onlyRight);
    }

    @Test
    void longListsAreComparedToo() {
        List<Integer> left = IntStream.range(0, 20_000).boxed().toList();
        List<Integer> right = new ArrayList<>(left);
        right.set(1, -1);
        right.remove(19_998);
        Difference difference = Difference.of(left, right);
        assertThat(difference.left()).hasToString("{1, 19998}");
        assertThat(difference.right()).hasToString("{1}");
    }

    private static List<Integer> ids(String text) {
        return Arrays.stream(text.strip().split(" ")).map(Integer::valueOf).toList();
    }
}
