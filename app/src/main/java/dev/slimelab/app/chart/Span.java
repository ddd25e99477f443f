package dev.slimelab.app.chart;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// A closed interval on an axis, and how it is divided.
record Span(double low, double high) {
    /// An axis before a curve that grows moves once in about this many parts of its length.
    private static final int MOVES = 40;

    double length() {
        return high - low;
    }

    /// The distance between ticks: 1, 2 or 5 times a power of ten, so that about `wanted` ticks
    /// fit.
    double tick(int wanted) {
        double rough = length() / Math.max(1, wanted);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double lead = rough / power;
        return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    }

    /// The steps of all curves together.
    static Span ofSteps(Iterable<PreparedCurve> curves) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (PreparedCurve curve : curves) {
            Series series = curve.curve().series();
            if (!series.isEmpty()) {
                low = Math.min(low, series.step(0));
                high = Math.max(high, series.lastStep());
            }
        }
        if (!(low <= high)) {
            return new Span(0, 100);
        }
        return new Span(Math.min(low, 0), Math.max(high, Math.min(low, 0) + 1)).withRoom(curves);
    }

    /// With some room before a curve that grows and is ahead of the others, so that not every
    /// measurement moves the axis and everything on it.
    private Span withRoom(Iterable<PreparedCurve> curves) {
        for (PreparedCurve curve : curves) {
            if (curve.curve().growing() && curve.curve().series().lastStep() >= high) {
                double grain = tick(MOVES);
                return new Span(low, low + Math.ceil(length() / grain) * grain);
            }
        }
        return this;
    }

    /// From zero to the highest visible value.
    static Span fromZero(Iterable<PreparedCurve> curves) {
        Span span = ofValues(curves, Figure.Baseline.ZERO);
        double top = Math.max(span.high, 0);
        // Shares that add up to 1 fill the plot.
        return new Span(0, Math.abs(top / 1.06 - 1) < 1e-6 ? 1 : top);
    }

    double largest() {
        return Math.max(Math.abs(low), Math.abs(high));
    }

    /// The positions of all curves along an axis that is not counted in steps.
    static Span ofPositions(Iterable<PreparedCurve> curves) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (PreparedCurve curve : curves) {
            for (int i = 0; i < curve.visible().size(); i++) {
                low = Math.min(low, curve.visible().step(i));
                high = Math.max(high, curve.visible().step(i));
            }
        }
        if (!(low <= high)) {
            return new Span(0, 1);
        }
        double air = high > low ? 0 : Math.max(1e-3, Math.abs(high) * 0.1);
        return new Span(low - air, high + air).withRoom(curves);
    }

    /// With as much room on both sides.
    Span withMargin(double share) {
        return new Span(low - share * length(), high + share * length());
    }

    /// The lowest of all visible values; NaN where there are none.
    static double lowest(Iterable<PreparedCurve> curves) {
        double low = Double.NaN;
        for (PreparedCurve curve : curves) {
            for (int i = 0; i < curve.visible().size(); i++) {
                double value = curve.visible().value(i);
                low = Double.isNaN(low) || value < low ? value : low;
            }
        }
        return low;
    }

    /// The visible values without their outermost hundredths.
    static Span ofMostValues(Iterable<PreparedCurve> curves) {
        DoubleStream.Builder all = DoubleStream.builder();
        for (PreparedCurve curve : curves) {
            for (int i = 0; i < curve.visible().size(); i++) {
                all.add(curve.visible().value(i));
            }
        }
        double[] values = all.build().filter(Double::isFinite).sorted().toArray();
        if (values.length == 0) {
            return new Span(0, 1);
        }
        return airy(values[values.length / 100], values[values.length - 1 - values.length / 100]);
    }

    /// The visible values, with some air. Of a raw trace the outermost hundredths are left out, so
    /// that one spike does not flatten everything else.
    static Span ofValues(Iterable<PreparedCurve> curves, Figure.Baseline baseline) {
        double low = baseline == Figure.Baseline.ZERO ? 0 : Double.POSITIVE_INFINITY;
        double high = baseline == Figure.Baseline.ZERO ? 0 : Double.NEGATIVE_INFINITY;
        for (PreparedCurve curve : curves) {
            Series line = curve.visible();
            for (int i = 0; i < line.size(); i++) {
                if (Double.isFinite(line.value(i))) {
                    low = Math.min(low, line.value(i));
                    high = Math.max(high, line.value(i));
                }
            }
            Band band = curve.band();
            for (int i = 0; band != null && i < band.low().size(); i++) {
                low = Math.min(low, band.low().value(i));
            }
            for (int i = 0; band != null && i < band.high().size(); i++) {
                high = Math.max(high, band.high().value(i));
            }
            Series trace = curve.trace();
            double[] raw =
                    IntStream.range(0, trace.size())
                            .mapToDouble(trace::value)
                            .filter(Double::isFinite)
                            .sorted()
                            .toArray();
            if (raw.length > 0) {
                low = Math.min(low, raw[raw.length / 100]);
                high = Math.max(high, raw[raw.length - 1 - raw.length / 100]);
            }
        }
        if (!(low <= high)) {
            return new Span(0, 1);
        }
        return airy(low, high);
    }

    private static Span airy(double low, double high) {
        double air = high > low ? (high - low) * 0.06 : Math.max(0.01, Math.abs(high) * 0.1);
        return new Span(low - air, high + air);
    }
}
