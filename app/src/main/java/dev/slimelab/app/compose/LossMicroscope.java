package dev.slimelab.app.compose;

import dev.slimelab.app.chart.Backdrop;
import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.chart.XAxis;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.objective.Region;
import dev.slimelab.engine.objective.Slope;
import dev.slimelab.engine.objective.Stabiliser;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/// What an objective does to one pair and to one token: value and derivative of its terms, computed
/// by the terms themselves.
final class LossMicroscope {
    private static final int POINTS = 240;
    private static final double LOWEST_Z = -4;
    private static final double HIGHEST_Z = 6;
    private static final double LOWEST_LOGP = -10;

    /// Of the length of what is looked at, on each side of it.
    private static final double AIR = 0.4;

    private static final double WIDEST = 3;

    private LossMicroscope() {}

    /// A figure and what its backdrop says in numbers.
    record Picture(Figure figure, List<Evidence.Share> shares) {}

    /// The contrast of one pair over z, before the real pairs.
    ///
    /// @param before the objective before the last change, drawn dotted where it differs
    /// @param evidence null where no real pairs are known
    static Picture contrast(
            @Nullable Objective now, @Nullable Objective before, @Nullable Evidence evidence) {
        Contrast contrast = now == null ? null : now.contrast();
        List<Region> regions =
                now == null || contrast == null ? List.of() : contrast.regions(now.beta());
        double[] z = now == null || evidence == null ? new double[0] : evidence.comparisons(now);
        return picture(
                new Axis("Contrast of one pair", "z", LOWEST_Z, HIGHEST_Z),
                regions,
                z,
                pairLoss(now),
                pairLoss(before));
    }

    /// The stabiliser of one token over its log-prob, before the real tokens.
    static Picture stabiliser(
            @Nullable Objective now, @Nullable Objective before, @Nullable Evidence evidence) {
        Stabiliser stabiliser = now == null ? null : now.stabiliser();
        double[] logps =
                stabiliser == null || evidence == null
                        ? new double[0]
                        : evidence.tokens(stabiliser);
        return picture(
                new Axis("Stabiliser of one token", "log-prob of the token, nat", LOWEST_LOGP, 0),
                stabiliser == null ? List.of() : stabiliser.regions(),
                logps,
                tokenLoss(now),
                tokenLoss(before));
    }

    /// What is drawn where nothing else is known.
    private record Axis(String title, String xLabel, double low, double high) {
        /// Of real values: wide enough for all but the outermost hundredths of them and for the
        /// bounds of the regions, with some of the curve on both sides, but not wider than a few
        /// times itself.
        Axis around(List<Region> regions, double[] values) {
            if (values.length == 0) {
                return this;
            }
            double[] sorted = Arrays.stream(values).sorted().toArray();
            double from = sorted[sorted.length / 100];
            double to = sorted[sorted.length - 1 - sorted.length / 100];
            for (Region region : regions) {
                if (Double.isFinite(region.from())) {
                    from = Math.min(from, region.from());
                    to = Math.max(to, region.from());
                }
            }
            double length = high - low;
            double air = Math.max(1, (to - from) * AIR);
            double left = Math.max(Math.floor(from - air), low - WIDEST * length);
            double right = Math.min(Math.ceil(to + air), high + WIDEST * length);
            return new Axis(title, xLabel, left, high == 0 ? 0 : right);
        }
    }

    private static Picture picture(
            Axis start,
            List<Region> regions,
            double[] values,
            @Nullable DoubleFunction<Slope> now,
            @Nullable DoubleFunction<Slope> before) {
        Axis axis = start.around(regions, values);
        double[] bounds =
                regions.stream().mapToDouble(Region::from).filter(Double::isFinite).toArray();
        return new Picture(
                figure(axis.title(), axis.xLabel(), axis.low(), axis.high(), now, before)
                        .before(Backdrop.of(values, axis.low(), axis.high(), bounds)),
                Evidence.shares(regions, values));
    }

    private static @Nullable DoubleFunction<Slope> pairLoss(@Nullable Objective objective) {
        Contrast contrast = objective == null ? null : objective.contrast();
        return objective == null || contrast == null ? null : z -> contrast.at(z, objective.beta());
    }

    private static @Nullable DoubleFunction<Slope> tokenLoss(@Nullable Objective objective) {
        Stabiliser stabiliser = objective == null ? null : objective.stabiliser();
        return stabiliser == null ? null : stabiliser::at;
    }

    private static Figure figure(
            String title,
            String xLabel,
            double low,
            double high,
            @Nullable DoubleFunction<Slope> now,
            @Nullable DoubleFunction<Slope> before) {
        List<Curve> curves = new ArrayList<>();
        if (now != null) {
            Slope[] present = sampled(now, low, high);
            if (before != null) {
                Slope[] former = sampled(before, low, high);
                if (!Arrays.equals(former, present)) {
                    add(curves, former, low, high, " before", Dash.DOTTED);
                }
            }
            add(curves, present, low, high, "", Dash.SOLID);
        }
        return new Figure(
                title,
                XAxis.measured(xLabel, xLabel, XAxis.Order.ASCENDING),
                "loss and slope",
                Figure.Baseline.ZERO,
                new Smoothing.None(),
                "",
                "",
                curves);
    }

    private static Slope[] sampled(DoubleFunction<Slope> loss, double low, double high) {
        Slope[] slopes = new Slope[POINTS];
        Arrays.setAll(slopes, i -> loss.apply(x(i, low, high)));
        return slopes;
    }

    private static double x(int point, double low, double high) {
        return low + (high - low) * point / (POINTS - 1);
    }

    private static void add(
            List<Curve> curves, Slope[] slopes, double low, double high, String suffix, Dash dash) {
        double[] xs = new double[POINTS];
        Arrays.setAll(xs, i -> x(i, low, high));
        double[] losses = Arrays.stream(slopes).mapToDouble(Slope::value).toArray();
        double[] slopeValues = Arrays.stream(slopes).mapToDouble(Slope::derivative).toArray();
        curves.add(new Curve("", "loss" + suffix, Hue.INDIGO, dash, Series.of(xs, losses)));
        curves.add(new Curve("", "slope" + suffix, Hue.ORANGE, dash, Series.of(xs, slopeValues)));
    }
}
