package dev.slimelab.engine.objective;

/// The few functions all objectives share, safe for every finite argument.
final class Numerics {
    private Numerics() {}

    /// The logistic function 1 / (1 + e^−x).
    static double sigmoid(double x) {
        if (x >= 0) {
            return 1 / (1 + Math.exp(-x));
        }
        double e = Math.exp(x);
        return e / (1 + e);
    }

    /// log(1 + e^x), without overflow for large x and without cancellation for small.
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
