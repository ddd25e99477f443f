package dev.slimelab.engine.objective;

/// A function's value and derivative at one point.
public record Slope(double value, double derivative) {
    static final Slope ZERO = new Slope(0, 0);

    Slope times(double factor) {
        return new Slope(factor * value, factor * derivative);
    }
}
