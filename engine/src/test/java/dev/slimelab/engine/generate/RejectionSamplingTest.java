package dev.slimelab.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slimelab.engine.generate.RejectionSampling.Pair;
import dev.slimelab.engine.random.SplitMix64;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RejectionSamplingTest {
    private static final double[] SCORES = {1, 3, 2, 3, 0};

    /// By hand with β = 1: of the first sweep, r_max = 3, the thresholds are e^−2 = 0.1353, 1, e^−1
    /// = 0.3679, 1 and e^−3 = 0.0498, one draw each; the best are always kept.
    @Test
    void oneSweepKeepsWhatItsDrawsAllow() {
        double[] thresholds = {0.1353352832, 1, 0.3678794412, 1, 0.0497870684};
        for (long seed = 0; seed < 50; seed++) {
            var draws = new SplitMix64(seed);
            List<Integer> byHand = new ArrayList<>();
            for (int i = 0; i < thresholds.length && byHand.size() < 2; i++) {
                if (draws.uniform() < thresholds[i]) {
                    byHand.add(i);
                }
            }

            assertThat(new RejectionSampling(1, 2).kept(SCORES, new SplitMix64(seed)))
                    .isEqualTo(byHand);
        }
    }

    @Test
    void aSmallBetaKeepsTheBestAndALargeOneAnything() {
        assertThat(new RejectionSampling(1e-3, 3).kept(SCORES, new SplitMix64(0)))
                .containsExactly(1, 3, 2);
        assertThat(new RejectionSampling(1e9, 3).kept(SCORES, new SplitMix64(0)))
                .containsExactly(0, 1, 2);
    }

    @Test
    void theBetterOfTwoIsChosenAndTiesMakeNoPair() {
        for (long seed = 0; seed < 20; seed++) {
            List<Pair> pairs = new RejectionSampling(1e9, 4).pairs(SCORES, new SplitMix64(seed));
            assertThat(pairs).hasSizeBetween(1, 2);
            assertThat(pairs)
                    .allSatisfy(
                            pair ->
                                    assertThat(SCORES[pair.chosen()])
                                            .isGreaterThan(SCORES[pair.rejected()]));
            assertThat(new RejectionSampling(1e9, 4).pairs(SCORES, new SplitMix64(seed)))
                    .isEqualTo(pairs);
        }
    }

    @Test
    void fewerAnswersThanAskedForAreAllKept() {
        assertThat(new RejectionSampling(0.5, 8).kept(SCORES, new SplitMix64(1)))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }
}
