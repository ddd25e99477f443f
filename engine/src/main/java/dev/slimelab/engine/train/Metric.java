package dev.slimelab.engine.train;

import static dev.slimelab.engine.train.StepFacts.mean;

import dev.slimelab.engine.model.TokenStatistics;
import dev.slimelab.engine.objective.Contrast.DualMargin;
import dev.slimelab.engine.objective.Contrast.TwoSided;
import dev.slimelab.engine.objective.Reduce;
import dev.slimelab.engine.objective.Slope;
import dev.slimelab.engine.objective.Stabiliser;
import dev.slimelab.engine.objective.Stabiliser.SoftplusPower;
import dev.slimelab.engine.objective.Transform;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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
    MARGIN_P50("margin/p50", f -> pairwise(f, quantile(f.margins(), 0.5))),
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
    ENTROPY_TOP10("entropy_top10", f -> mean(f.chosenTokens(TokenStatistics::topTenEntropy))),
    ENTROPY_TOP10_RENORMALISED(
            "entropy_top10_renormalised",
            f ->
                    mean(
                            renormalised(
                                    f.chosenTokens(TokenStatistics::topTenEntropy),
                                    f.chosenTokens(TokenStatistics::topTenMass)))),
    /// Over all chosen tokens of the batch, so long answers count more than in
    /// [#LOGPS_MEAN_CHOSEN].
    NLL_LOSS("nll_loss", f -> -mean(flat(f.chosen()))),
    /// Share of chosen tokens that were the likeliest.
    MEAN_TOKEN_ACCURACY(
            "mean_token_accuracy", f -> mean(f.chosenTokens(TokenStatistics::likeliest))),
    LOGITS_CHOSEN("logits/chosen", f -> mean(f.chosenTokens(TokenStatistics::meanLogit))),
    LOGITS_REJECTED("logits/rejected", f -> mean(f.rejectedTokens(TokenStatistics::meanLogit))),
    /// Share of rejected tokens in SLIME's penalty region.
    SLIME_FRAC_BELOW_DELTA("slime/frac_below_delta", Metric::shareBelowDelta),
    SLIME_STATE_BELOW_MS("slime/state_below_ms", f -> dualMarginShare(f, State.BELOW_SOFT)),
    SLIME_STATE_BETWEEN("slime/state_between", f -> dualMarginShare(f, State.BETWEEN)),
    SLIME_STATE_BEYOND_MH("slime/state_beyond_mh", f -> dualMarginShare(f, State.BEYOND_HARD)),
    /// Mean soft factor: 1 open, 0 closed.
    SLIME_GATE("slime/gate", f -> dualMargin(f, (margins, z) -> margins.gate(z).value())),
    /// Mean hard factor, max(0, m_h − z).
    SLIME_HINGE("slime/hinge", f -> dualMargin(f, (margins, z) -> margins.hardFactor(z).value())),
    /// How hard the stabiliser raises a rejected token, mean over them, before averaging.
    SLIME_STAB_PUSH("slime/stab_push", Metric::stabiliserPush),
    /// Share of rejected tokens that all terms together raise.
    SLIME_FRAC_RAISED(
            "slime/frac_raised",
            f ->
                    f.objective().stabiliser() == null
                            ? Double.NaN
                            : share(f.rejectedGradient(), c -> c < 0)),
    STAPO_STATE_LEFT("stapo/state_left", f -> twoSided(f, (band, d) -> d < band.leftMargin())),
    STAPO_STATE_IN(
            "stapo/state_in",
            f -> twoSided(f, (band, d) -> d >= band.leftMargin() && d <= band.rightMargin())),
    STAPO_STATE_RIGHT("stapo/state_right", f -> twoSided(f, (band, d) -> d > band.rightMargin())),
    /// Mean signed slope over the score difference: below 0 margins are driven up.
    STAPO_SLOPE("stapo/slope", Metric::twoSidedSlope),
    /// Mean log-ratio of the given tokens: a proxy of the KL divergence, which is a mean over the
    /// policy's own samples.
    KL_REF_K1_PROXY("kl_ref/k1_proxy", f -> mean(f.logRatios())),
    /// The estimator that is never negative, on the same tokens.
    KL_REF_K3_PROXY(
            "kl_ref/k3_proxy",
            f -> mean(Arrays.stream(f.logRatios()).map(h -> Math.expm1(-h) + h).toArray())),
    LOG_ODDS_CHOSEN("log_odds_chosen", f -> logOdds(f) ? mean(f.margins()) : Double.NaN),
    /// Mean log σ of the log-odds ratio.
    LOG_ODDS_RATIO(
            "log_odds_ratio",
            f ->
                    logOdds(f)
                            ? mean(
                                    Arrays.stream(f.margins())
                                            .map(odds -> -Slope.logistic(odds).value())
                                            .toArray())
                            : Double.NaN),
    LEN_CHOSEN("len/chosen", f -> mean(lengths(f.chosen()))),
    LEN_REJECTED("len/rejected", f -> mean(lengths(f.rejected()))),
    /// Pearson's, over the pairs of the batch: whether longer answers win.
    LEN_MARGIN_CORRELATION("len/margin_correlation", f -> pairwise(f, lengthBias(f)));

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
                facts.gradientsChosen()
                        .forEach((term, sum) -> line.put("gradient_chosen/" + term, sum));
                facts.gradientsRejected()
                        .forEach((term, sum) -> line.put("gradient_rejected/" + term, sum));
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
                ? share(flat(facts.rejected()), logp -> logp < -stabiliser.delta())
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

    private static double dualMargin(
            StepFacts facts, ToDoubleBiFunction<DualMargin, Double> factor) {
        return facts.objective().contrast() instanceof DualMargin margins
                ? mean(
                        Arrays.stream(facts.z())
                                .map(z -> factor.applyAsDouble(margins, z))
                                .toArray())
                : Double.NaN;
    }

    private static double stabiliserPush(StepFacts facts) {
        Stabiliser stabiliser = facts.objective().stabiliser();
        return stabiliser == null || !stabiliser.readsRejected()
                ? Double.NaN
                : mean(
                        Arrays.stream(flat(facts.rejected()))
                                .map(logp -> -stabiliser.at(logp).derivative())
                                .toArray());
    }

    /// Share of comparisons by where their score difference stands, in the unit of the margins.
    private static double twoSided(StepFacts facts, BiPredicate<TwoSided, Double> which) {
        double beta = facts.beta();
        return facts.objective().contrast() instanceof TwoSided band
                ? share(facts.z(), z -> which.test(band, z / beta))
                : Double.NaN;
    }

    private static double twoSidedSlope(StepFacts facts) {
        double beta = facts.beta();
        return facts.objective().contrast() instanceof TwoSided band
                ? mean(
                        Arrays.stream(facts.z())
                                .map(z -> beta * band.at(z, beta).derivative())
                                .toArray())
                : Double.NaN;
    }

    private static boolean logOdds(StepFacts facts) {
        return facts.objective().transform() instanceof Transform.LogOdds;
    }

    /// Entropy among the ten likeliest tokens alone: with their mass m and Σ = −Σ π·log π, that is
    /// Σ/m + log m.
    static double[] renormalised(double[] topEntropy, double[] topMass) {
        double[] among = new double[topEntropy.length];
        for (int t = 0; t < among.length; t++) {
            among[t] = topEntropy[t] / topMass[t] + Math.log(topMass[t]);
        }
        return among;
    }

    private static double lengthBias(StepFacts facts) {
        double[][] chosen = facts.chosen();
        double[][] rejected = facts.rejected();
        double[] gaps =
                IntStream.range(0, chosen.length)
                        .filter(pair -> chosen[pair].length > 0 && rejected[pair].length > 0)
                        .mapToDouble(pair -> chosen[pair].length - rejected[pair].length)
                        .toArray();
        return correlation(gaps, facts.margins());
    }

    /// Of the answers that there are.
    private static double[] lengths(double[][] completions) {
        return Arrays.stream(tokenCounts(completions)).filter(tokens -> tokens > 0).toArray();
    }

    private static double[] tokenCounts(double[][] completions) {
        return Arrays.stream(completions).mapToDouble(completion -> completion.length).toArray();
    }

    private static double[] flat(double[][] completions) {
        return Arrays.stream(completions).flatMapToDouble(Arrays::stream).toArray();
    }

    /// NaN where one of the two does not vary.
    static double correlation(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt(xx * yy);
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
