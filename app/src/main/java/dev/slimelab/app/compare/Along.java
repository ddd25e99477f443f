package dev.slimelab.app.compare;

import dev.slimelab.app.chart.Series;
import dev.slimelab.app.chart.XAxis;
import dev.slimelab.app.chart.XAxis.Order;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// What a run's progress is counted in, beside any metric of its own.
@SuppressWarnings("ImmutableEnumChecker") // the names of an axis are unmodifiable
enum Along {
    STEP("step", XAxis.STEPS, ""),
    PAIRS("pairs", XAxis.counted("pairs seen", "pair"), ""),
    TOKENS("tokens", XAxis.counted("tokens seen", "token"), "num_tokens"),
    EPOCH("epoch", XAxis.measured("epoch", "epoch", Order.ASCENDING), "epoch"),
    TIME("time", XAxis.measured("wall time, s", "second", Order.ASCENDING), "time");

    /// How many pairs a step takes.
    private static final String BATCH = "optimization.batchPairs";

    private final String key;
    private final XAxis axis;
    private final String metric;

    Along(String key, XAxis axis, String metric) {
        this.key = key;
        this.axis = axis;
        this.metric = metric;
    }

    String key() {
        return key;
    }

    private static Optional<Along> of(String key) {
        return Arrays.stream(values()).filter(along -> along.key.equals(key)).findFirst();
    }

    static XAxis axis(String key) {
        return of(key).map(along -> along.axis)
                .orElseGet(() -> XAxis.measured(key, key, Order.PATH));
    }

    /// The metric that a key counts in; for steps and pairs none.
    static String metric(String key) {
        return of(key).map(along -> along.metric).orElse(key);
    }

    /// A run's measurements, counted in something else than steps. Measurements of steps at which
    /// that was not measured are left out; at step 0 no token has been seen and no time has passed.
    static Series moved(Series series, ComparedRun run, String key) {
        if (key.equals(STEP.key)) {
            return series;
        }
        if (key.equals(PAIRS.key)) {
            double pairs = run.setting(BATCH).number();
            return mapped(series, step -> step * pairs);
        }
        Series other = run.metric(metric(key));
        boolean counted = of(key).isPresent();
        return mapped(
                series,
                step -> {
                    int at = other.indexAt(step);
                    if (at >= 0 && other.step(at) == step) {
                        return other.value(at);
                    }
                    return counted && step == 0 ? 0 : Double.NaN;
                });
    }

    private static Series mapped(Series series, DoubleUnaryOperator x) {
        double[] xs = new double[series.size()];
        double[] values = new double[series.size()];
        int size = 0;
        for (int i = 0; i < series.size(); i++) {
            double at = x.applyAsDouble(series.step(i));
            if (Double.isFinite(at)) {
                xs[size] = at;
                values[size] = series.value(i);
                size++;
            }
        }
        return Series.of(Arrays.copyOf(xs, size), Arrays.copyOf(values, size));
    }
}
