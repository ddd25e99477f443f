package dev.slimelab.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmoothingTest {
    @Test
    void theFirstPointIsTheFirstMeasurement() {
        double[] line =
                new Smoothing.ExponentialAverage(0.9)
                        .apply(Series.of(new double[] {0, 1}, new double[] {5, 5}));
        assertThat(line).containsExactly(new double[] {5, 5}, within(1e-12));
    }

    @Test
    void olderMeasurementsCountLess() {
        // weight 0.5: average = 0.5·0.5·0 + 0.5·4 = 2, mass = 0.75, value = 2 / 0.75
        double[] line =
                new Smoothing.ExponentialAverage(0.5)
                        .apply(Series.of(new double[] {0, 1}, new double[] {0, 4}));
        assertThat(line[1]).isCloseTo(2 / 0.75, within(1e-12));
    }

    @Test
    void aMissingValueRepeatsTheLine() {
        double[] line =
                new Smoothing.ExponentialAverage(0.5)
                        .apply(Series.of(new double[] {0, 1, 2}, new double[] {3, Double.NaN, 3}));
        assertThat(line).containsExactly(new double[] {3, 3, 3}, within(1e-12));
    }

    @Test
    void aGrowingSeriesKeepsItsLine() {
        Series.Column column = new Series.Column();
        for (int i = 0; i < 200; i++) {
            column.add(i, Math.sin(i));
        }
        double[] before = new Smoothing.ExponentialAverage(0.9).apply(column.snapshot());
        column.add(200, 7);
        double[] after = new Smoothing.ExponentialAverage(0.9).apply(column.snapshot());
        assertThat(after).startsWith(before);
    }
}
