package dev.slimelab.engine.tinylab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class SplitMix64Test {
    /// From Vigna's `splitmix64.c` with state 1234567.
    @Test
    void the_numbers_are_those_of_the_reference_program() {
        SplitMix64 random = new SplitMix64(1234567);
        assertThat(Stream.generate(() -> Long.toUnsignedString(random.nextLong())).limit(5))
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    @Test
    void bounded_numbers_cover_their_range_evenly() {
        SplitMix64 random = new SplitMix64(1);
        int[] counts = new int[5];
        for (int i = 0; i < 50_000; i++) {
            counts[random.between(3, 7) - 3]++;
        }
        // The standard deviation of each count is sqrt(50,000 · 0.2 · 0.8) = 89.
        assertThat(Arrays.stream(counts))
                .allSatisfy(count -> assertThat(count).isBetween(9_600, 10_400));
    }

    @Test
    void a_sample_holds_different_members() {
        SplitMix64 random = new SplitMix64(2);
        List<Integer> choices = List.of(1, 2, 3, 4, 5);
        for (int i = 0; i < 100; i++) {
            assertThat(random.sample(choices, 4)).doesNotHaveDuplicates().isSubsetOf(choices);
        }
    }
}
