package dev.slimelab.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
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
    void ofVeryLongListsTheMiddleDiffers() {
        int[] left = IntStream.range(0, 5_000).toArray();
        int[] right = left.clone();
        right[1] = -1;
        right[4_998] = -1;
        Difference difference = Difference.of(left, right);
        assertThat(difference.left().nextSetBit(0)).isEqualTo(1);
        assertThat(difference.left().cardinality()).isEqualTo(4_998);
        assertThat(difference.right().get(4_999)).isFalse();
    }

    private static int[] ids(String text) {
        return Arrays.stream(text.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
