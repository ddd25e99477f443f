package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.StepFacts.mean;

import dev.slimelab.engine.model.TokenStatistics;
import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Reduce;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// Everything logged per step, each a function of the step's plain numbers. NaN leaves it out of
/// the line.
///
/// Names as TRL plots them. `logps/*` is a sum where the objective sums and a mean where it
/// averages, as in the trainers that users know; `logps_mean/*` is always nat per token and may be
/// compared across objectives.
@SuppressWarnings("Immutable") // functions without state
enum Metric {
    LOSS("loss", StepFacts::loss),
    GRAD_NORM("grad_norm", StepFacts::gradNorm),
    LEARNING_RATE("learning_rate", StepFacts::learningRate),
    LOGPS_CHOSEN("logps/chosen", f -> mean(scores(f.objective().reduce(), f.chosen()))),
    LOGPS_REJECTED("logps/rejected", f -> mean(scores(f.objective().reduce(), f.rejected()))),
    LOGPS_MEAN_CHOSEN("logps_mean/chosen", f -> mean(scores(new Reduce.Mean(), f.chosen()))),
    LOGPS_MEAN_REJECTED("logps_mean/rejected", f -> mean(scores(new Reduce.Mean(), f.rejected()))),
    /// Chosen − rejected, nat per token whatever the objective; `margin/*` is in the objective's
    /// own unit.
    LOGPS_MEAN_MARGIN(
            "logps_mean/margin",
            f ->
                    mean(scores(new Reduce.Mean(), f.chosen()))
                            - mean(scores(new Reduce.Mean(), f.rejected()))),
    REWARDS_CHOSEN("rewards/chosen", f -> pairwise(f, mean(f.rewardsChosen()))),
    REWARDS_REJECTED("rewards/rejected", f -> pairwise(f, mean(f.rewardsRejected()))),
    REWARDS_MARGINS(
            "rewards/margins",
            f -> pairwise(f, mean(f.rewardsChosen()) - mean(f.rewardsRejected()))),
    /// Share of pairs whose chosen reward is strictly larger: 0 on exact ties.
    REWARDS_ACCURACIES("rewards/accuracies", f -> pairwise(f, share(f.margins(), m -> m > 0))),
    MARGIN_MEAN("margin/mean", f -> pairwise(f, mean(f.margins()))),
    MARGIN_P10("margin/p10", f -> pairwise(f, quantile(f.margins(), 0.1))),
    MARGIN_P90("margin/p90", f -> pairwise(f, quantile(f.margins(), 0.9))),
    ENTROPY(
            "entropy",
            f ->
                    mean(
                            DoubleStream.concat(
                                            Arrays.stream(f.chosenTokens(TokenStatistics::entropy)),
                                            Arrays.stream(
                                                    f.rejectedTokens(TokenStatistics::entropy)))
                                    .toArray())),
    ENTROPY_CHOSEN("entropy/chosen", f -> mean(f.chosenTokens(TokenStatistics::entropy))),
    ENTROPY_REJECTED("entropy/rejected", f -> mean(f.rejectedTokens(TokenStatistics::entropy))),
    MASS_TOP10("mass_top10", f -> mean(f.chosenTokens(TokenStatistics::topTenMass))),
    /// Share of chosen tokens that were the likeliest.
    MEAN_TOKEN_ACCURACY(
            "mean_token_accuracy", f -> mean(f.chosenTokens(TokenStatistics::likeliest))),
    LOGITS_CHOSEN("logits/chosen", f -> mean(f.chosenTokens(TokenStatistics::meanLogit))),
    LOGITS_REJECTED("logits/rejected", f -> mean(f.rejectedTokens(TokenStatistics::meanLogit))),
    /// Share of rejected tokens in SLIME's penalty region.
    SLIME_FRAC_BELOW_DELTA("slime/frac_below_delta", Metric::shareBelowDelta),
    SLIME_STATE_BELOW_MS("slime/state_below_ms", f -> dualMarginShare(f, State.BELOW_SOFT)),
    SLIME_STATE_BETWEEN("slime/state_between", f -> dualMarginShare(f, State.BETWEEN)),
    SLIME_STATE_BEYOND_MH("slime/state_beyond_mh", f -> dualMarginShare(f, State.BEYOND_HARD));

    private enum State {
        BELOW_SOFT,
        BETWEEN,
        BEYOND_HARD
    }

    private final String key;
    private final ToDoubleFunction<StepFacts> value;

    Metric(String key, ToDoubleFunction<StepFacts> value) {
        this.key = key;
        this.value = value;
    }

    /// All metrics of a step by name, the terms' values and gradient shares included.
    static Map<String, Double> all(StepFacts facts) {
        Map<String, Double> line = new LinkedHashMap<>();
        for (Metric metric : values()) {
            line.put(metric.key, metric.value.applyAsDouble(facts));
            if (metric == LOSS) {
                facts.terms().forEach((term, value) -> line.put("loss/" + term, value));
                facts.gradientShares()
                        .forEach((term, share) -> line.put("gradient_share/" + term, share));
            }
        }
        line.putAll(facts.ofObjective());
        return line;
    }

    private static double[] scores(Reduce reduce, double[][] completions) {
        return Arrays.stream(completions)
                .filter(completion -> completion.length > 0)
                .mapToDouble(reduce::of)
                .toArray();
    }

    /// Left out where there is nothing to compare.
    private static double pairwise(StepFacts facts, double value) {
        return facts.rejectedTokens(TokenStatistics::entropy).length == 0 ? Double.NaN : value;
    }

    private static double shareBelowDelta(StepFacts facts) {
        return facts.objective().stabiliser() instanceof SoftplusPower stabiliser
                ? share(
                        Arrays.stream(facts.rejected()).flatMapToDouble(Arrays::stream).toArray(),
                        logp -> logp < -stabiliser.delta())
                : Double.NaN;
    }

    private static double dualMarginShare(StepFacts facts, State state) {
        return facts.objective().contrast() instanceof DualMargin margins
                ? share(
                        facts.margins(),
                        z ->
                                switch (state) {
                                    case BELOW_SOFT -> z < margins.softMargin();
                                    case BETWEEN ->
                                            z >= margins.softMargin() && z < margins.hardMargin();
                                    case BEYOND_HARD -> z >= margins.hardMargin();
                                })
                : Double.NaN;
    }

    static double share(double[] values, DoublePredicate which) {
        return mean(Arrays.stream(values).map(v -> which.test(v) ? 1 : 0).toArray());
    }

    /// Linear interpolation between order statistics, as numpy's default.
    static double quantile(double[] values, double q) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
