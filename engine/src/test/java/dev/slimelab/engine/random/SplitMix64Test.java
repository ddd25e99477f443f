package dev.slimelab.engine.random;

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

    /// The first number of state 1234567 above, shifted right by 11, over 2^53.
    @Test
    void a_uniform_number_is_the_upper_53_bits() {
        assertThat(new SplitMix64(1234567).uniform()).isEqualTo(0.3500795420214081);
    }

    /// Weights and adapters that were made before must be made again: sin and cos of one draw.
    @Test
    void named_streams_and_normal_numbers_stay_what_they_were() {
        assertThat(SplitMix64.named(0, "model.embed_tokens.weight").normals(3, 0.02))
                .containsExactly(0.01845339f, 0.0048453305f, 0.010114217f);
        assertThat(SplitMix64.named(7, "prompt 0").uniforms(2, 0.5))
                .containsExactly(-0.43616197f, -0.43107796f);
    }
}
