package dev.slimelab.app.compose;

import dev.slimelab.app.chart.Curve;
import dev.slimelab.app.chart.Curve.Dash;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.Smoothing;
import dev.slimelab.app.chart.XAxis;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.objective.Contrast;
import dev.slimelab.engine.objective.Objective;
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

    private LossMicroscope() {}

    /// The contrast of one pair over z.
    ///
    /// @param before the objective before the last change, drawn dotted where it differs
    static Figure contrast(@Nullable Objective now, @Nullable Objective before) {
        return figure("Contrast of one pair", "z", -4, 6, pairLoss(now), pairLoss(before));
    }

    /// The stabiliser of one token over its log-prob.
    static Figure stabiliser(@Nullable Objective now, @Nullable Objective before) {
        return figure(
                "Stabiliser of one token",
                "log-prob of the token, nat",
                -10,
                0,
                tokenLoss(now),
                tokenLoss(before));
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
