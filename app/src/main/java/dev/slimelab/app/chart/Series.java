package dev.slimelab.app.chart;

import java.util.Arrays;

/// One metric of one run: a value at each step where it was measured, steps ascending.
///
/// A snapshot: its length never changes. Snapshots of a growing [Column] share its arrays, so
/// taking one costs nothing.
public final class Series {
    public static final Series EMPTY = new Series(new double[0], new double[0], 0);

    private final double[] steps;
    private final double[] values;
    private final int size;

    private Series(double[] steps, double[] values, int size) {
        this.steps = steps;
        this.values = values;
        this.size = size;
    }

    public static Series of(double[] steps, double[] values) {
        if (steps.length != values.length) {
            throw new IllegalArgumentException(
                    steps.length + " steps but " + values.length + " values");
        }
        return new Series(steps.clone(), values.clone(), steps.length);
    }

    /// Other values at the same steps.
    public Series withValues(double[] others) {
        return new Series(steps, others, size);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public double step(int index) {
        return steps[index];
    }

    public double value(int index) {
        return values[index];
    }

    public double first() {
        return size == 0 ? Double.NaN : values[0];
    }

    public double last() {
        return size == 0 ? Double.NaN : values[size - 1];
    }

    public double lastStep() {
        return size == 0 ? Double.NaN : steps[size - 1];
    }

    /// The mean of the last values, for a headline number that does not flicker.
    public double meanOfLast(int count) {
        int from = Math.max(0, size - count);
        double sum = 0;
        for (int i = from; i < size; i++) {
            sum += values[i];
        }
        return sum / (size - from);
    }

    /// Whether any value is below zero.
    boolean isNegative() {
        for (int i = 0; i < size; i++) {
            if (values[i] < 0) {
                return true;
            }
        }
        return false;
    }

    /// The index of the last point at or before this step; -1 if there is none.
    public int indexAt(double step) {
        int found = Arrays.binarySearch(steps, 0, size, step);
        return found >= 0 ? found : -found - 2;
    }

    /// Whether both are the very same measurements; decides if a curve must be computed again.
    public boolean sameAs(Series other) {
        return steps == other.steps && values == other.values && size == other.size;
    }

    /// Series under construction: only its end changes. Not thread-safe; hand out [#snapshot()].
    public static final class Column {
        private double[] steps = new double[64];
        private double[] values = new double[64];
        private int size;

        public void add(double step, double value) {
            if (size == steps.length) {
                steps = Arrays.copyOf(steps, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            steps[size] = step;
            values[size] = value;
            size++;
        }

        public Series snapshot() {
            return new Series(steps, values, size);
        }
    }
}
