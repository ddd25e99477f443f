package dev.slimelab.engine.objective;

/// The few functions all objectives share, safe for every finite argument.
final class Numerics {
    /// Where exponentials end: e^80 is about 5e34, still finite as a 32-bit number, as in TRL.
    private static final double LARGEST_EXPONENT = 80;

    /// The log-probability that stands for one so near 0 that its odds would be infinite.
    private static final double LARGEST_LOGP = -1e-7;

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

    /// e^x up to [#LARGEST_EXPONENT], and constant beyond it.
    static Slope exp(double x) {
        if (x > LARGEST_EXPONENT) {
            return new Slope(Math.exp(LARGEST_EXPONENT), 0);
        }
        double e = Math.exp(x);
        return new Slope(e, e);
    }

    /// The log-odds log(e^x / (1 − e^x)) of a mean log-probability x < 0; constant above −1e-7,
    /// where the odds would be infinite.
    static Slope logOdds(double x) {
        double logp = Math.min(x, LARGEST_LOGP);
        // log(1 − e^logp) in the branch that does not cancel (Mächler 2012)
        double logComplement =
                logp > -Math.log(2) ? Math.log(-Math.expm1(logp)) : Math.log1p(-Math.exp(logp));
        return new Slope(logp - logComplement, x > LARGEST_LOGP ? 0 : -1 / Math.expm1(logp));
    }

    /// x^exponent for x ≥ 0. Halves of whole numbers, such as SLIME's 2.5, need no logarithm.
    static double power(double x, double exponent) {
        double doubled = 2 * exponent;
        if (doubled != Math.rint(doubled) || doubled < 0 || doubled > 16) {
            return Math.pow(x, exponent);
        }
        double power = (int) doubled % 2 == 0 ? 1 : Math.sqrt(x);
        for (int i = 0; i < (int) exponent; i++) {
            power *= x;
        }
        return power;
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    static double mean(double[] values) {
        return sum(values) / values.length;
    }

    /// With n − 1 below, as torch computes it; 0 for a single value.
    static double standardDeviation(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }
}
