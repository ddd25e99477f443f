package dev.slimelab.app.chart;

/// What lies around a curve, for example the confidence interval of a mean: two lines at the same
/// steps as the curve.
public record Band(Series low, Series high) {
    public Band {
        if (low.size() != high.size()) {
            throw new IllegalArgumentException(
                    low.size() + " lower but " + high.size() + " upper ends");
        }
    }

    Band thinned(int from, int to, int budget) {
        return new Band(
                PreparedCurve.thin(low, from, to, budget),
                PreparedCurve.thin(high, from, to, budget));
    }
}
