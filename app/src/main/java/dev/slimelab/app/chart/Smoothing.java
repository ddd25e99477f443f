package dev.slimelab.app.chart;

/// How a noisy metric becomes a line to read. Applied to the raw measurements, never to thinned
/// ones, so a finished run and a live one give the same line.
public sealed interface Smoothing {
    /// The line's value at every measured point.
    double[] apply(Series series);

    /// The words of the caption; empty where nothing is done.
    String caption();

    /// The measurements themselves.
    record None() implements Smoothing {
        @Override
        public double[] apply(Series series) {
            double[] line = new double[series.size()];
            for (int i = 0; i < line.length; i++) {
                line[i] = series.value(i);
            }
            return line;
        }

        @Override
        public String caption() {
            return "";
        }
    }

    /// Exponential moving average, corrected for its start as TensorBoard does it: the first point
    /// is the first measurement, not a pull from zero.
    ///
    /// @param weight how much of the past is kept at each point, 0 to below 1; about `1 / (1 −
    ///   weight)` points count
    record ExponentialAverage(double weight) implements Smoothing {
        public ExponentialAverage {
            if (!(weight >= 0 && weight < 1)) {
                throw new IllegalArgumentException("weight must be in [0, 1), was " + weight);
            }
        }

        @Override
        public double[] apply(Series series) {
            double[] line = new double[series.size()];
            double average = 0;
            double mass = 0;
            for (int i = 0; i < line.length; i++) {
                double value = series.value(i);
                if (!Double.isFinite(value)) {
                    line[i] = i == 0 ? Double.NaN : line[i - 1];
                    continue;
                }
                average = weight * average + (1 - weight) * value;
                mass = weight * mass + (1 - weight);
                line[i] = average / mass;
            }
            return line;
        }

        @Override
        public String caption() {
            return "exponential average of " + Math.round(1 / (1 - weight)) + " measurements";
        }
    }
}
