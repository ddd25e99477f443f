package dev.slimelab.app.chart;

/// From a number to its place on an axis and back.
record Scale(double low, double high, boolean logarithmic) {
    /// How many powers of ten a logarithmic axis goes down where the data begin at or below 0.
    private static final double DECADES = 1e-4;

    static Scale of(Span span, double grain, boolean logarithmic) {
        if (!logarithmic || !(span.high() > 0)) {
            return new Scale(span.low(), span.high(), false);
        }
        double least = grain > 0 ? grain : span.high() * DECADES;
        double low = Math.max(least, span.low());
        return new Scale(low, Math.max(span.high(), low * 10), true);
    }

    /// The values' axis: logarithmic only where every value is above 0.
    static Scale ofValues(Span span, double lowest, boolean logarithmic) {
        if (!logarithmic || !(lowest > 0)) {
            return new Scale(span.low(), span.high(), false);
        }
        return new Scale(Math.max(span.low(), lowest * 0.9), span.high(), true);
    }

    /// Where a number lies: 0 at the low end, 1 at the high end.
    double share(double number) {
        if (logarithmic) {
            return (Math.log(Math.max(number, Double.MIN_NORMAL)) - Math.log(low))
                    / (Math.log(high) - Math.log(low));
        }
        return (number - low) / (high - low);
    }

    /// The number at a share.
    double at(double share) {
        return logarithmic
                ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
                : low + share * (high - low);
    }

    Span span() {
        return new Span(low, high);
    }
}
