package dev.slimelab.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class ThinningTest {
    @Test
    void aShortSeriesIsKeptWhole() {
        assertThat(Thinning.keep(wave(10, -1), 0, 10, 600)).hasSize(10);
    }

    @Test
    void theEndsAndASpikeStay() {
        int[] kept = Thinning.keep(wave(10_000, 4321), 0, 10_000, 100);
        assertThat(kept).hasSize(100).startsWith(0).endsWith(9_999).contains(4321).isSorted();
    }

    @Test
    void onlyTheAskedRangeIsKept() {
        int[] kept = Thinning.keep(wave(10_000, -1), 2_000, 3_000, 50);
        assertThat(kept).startsWith(2_000).endsWith(2_999);
    }

    private static Series wave(int size, int spike) {
        return Series.of(
                IntStream.range(0, size).asDoubleStream().toArray(),
                IntStream.range(0, size)
                        .mapToDouble(i -> i == spike ? 50 : Math.sin(i / 300.0))
                        .toArray());
    }
}
