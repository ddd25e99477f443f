package dev.slimelab.engine.verify;

/// The largest absolute difference over many numbers, relative to the largest reference number.
final class Difference {
    private final double smallestScale;
    private double largestDifference;
    private double largestReference;

    /// @param smallestScale what the difference is divided by at least
    Difference(double smallestScale) {
        this.smallestScale = smallestScale;
    }

    void add(double ours, double theirs) {
        double difference = Math.abs(ours - theirs);
        largestDifference =
                Double.isNaN(difference)
                        ? Double.POSITIVE_INFINITY
                        : Math.max(largestDifference, difference);
        largestReference = Math.max(largestReference, Math.abs(theirs));
    }

    double absolute() {
        return largestDifference;
    }

    double relative() {
        return largestDifference / Math.max(smallestScale, largestReference);
    }
}
