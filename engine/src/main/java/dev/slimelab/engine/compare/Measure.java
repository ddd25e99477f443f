package dev.slimelab.engine.compare;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Metrics that tables show unasked, in this order, with the words for their columns. Losses are
/// not among them: those of two objectives do not compare.
public enum Measure {
    GREEDY("score/greedy", "greedy score"),
    SAMPLED("score/sampled", "score at T = 1"),
    DELTA_CHOSEN("logps_delta/chosen", "Δ chosen, nat/token"),
    MARGIN("probe/margin", "margin, nat/token"),
    P01("probe/rejected_p01", "rejected 1 % quantile, nat"),
    HELD_OUT_CHOSEN("eval/logps_mean/chosen", "held-out chosen, nat/token"),
    HELD_OUT_ACCURACY("eval/rewards/accuracies", "held-out accuracy");

    private static final int MOST_UNASKED = 5;

    private final String key;
    private final String title;

    Measure(String key, String title) {
        this.key = key;
        this.title = title;
    }

    public String key() {
        return key;
    }

    /// The words for a column; the key itself for every other metric.
    static String title(String key) {
        return Arrays.stream(values())
                .filter(measure -> measure.key.equals(key))
                .map(measure -> measure.title)
                .findFirst()
                .orElse(key);
    }

    /// What is shown unasked of what was measured: the first five known ones.
    public static List<String> usual(Collection<String> measured) {
        return Arrays.stream(values())
                .map(Measure::key)
                .filter(measured::contains)
                .limit(MOST_UNASKED)
                .toList();
    }
}
