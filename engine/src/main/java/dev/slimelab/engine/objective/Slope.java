package dev.slimelab.engine.objective;

/// A function's value and derivative at one point.
public record Slope(double value, double derivative) {
    static final Slope ZERO = new Slope(0, 0);

    Slope times(double factor) {
        return new Slope(factor * value, factor * derivative);
    }

    Slope plus(Slope other) {
        return new Slope(value + other.value, derivative + other.derivative);
    }

    /// −log σ(x): the logistic loss.
    public static Slope logistic(double x) {
        return new Slope(Numerics.softplus(-x), -Numerics.sigmoid(-x));
    }

    /// σ(x).
    static Slope sigmoid(double x) {
        double s = Numerics.sigmoid(x);
        return new Slope(s, s * (1 - s));
    }

    /// max(0, x), with slope 0 at its corner.
    static Slope hinge(double x) {
        return x > 0 ? new Slope(x, 1) : ZERO;
    }

    /// x².
    static Slope square(double x) {
        return new Slope(x * x, 2 * x);
    }

    /// The same as a function of −x.
    Slope mirrored() {
        return new Slope(value, -derivative);
    }
}
