package dev.slimelab.engine.objective;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Everything in a loss that carries no gradient, computed before the loss. With these held fixed,
/// the loss is a plain function of the log-probs, and its gradient is exact.
///
/// @param tokenWeights how tokens enter their answer's score
/// @param pilots scores of random parts of the answers; null where the reduction has none
/// @param beta the factor on scores, which a pair weight may change
/// @param margins per pair, in the unit of the score
/// @param pairWeights per pair; mean 1 over the batch where pairs are dropped
/// @param centre what a unary term measures scores from, in their unit
/// @param carry what the next step starts with
/// @param facts numbers worth a metric, by name
record Detached(
        Scores.TokenWeights tokenWeights,
        @Nullable Pilots pilots,
        double beta,
        double[] margins,
        double[] pairWeights,
        double centre,
        Carry carry,
        Map<String, Double> facts) {
    /// Scores of random parts of each pair's answers.
    record Pilots(double[] chosen, double[] rejected) {}

    /// A running mean and standard deviation that start at 0, as in the codes of α-DPO and β-DPO.
    private record Running(double mean, double deviation) {
        static Running updated(Carry carry, String name, double decay, double[] values) {
            return new Running(
                    decay * carry.get(name + "/mean") + (1 - decay) * Numerics.mean(values),
                    decay * carry.get(name + "/deviation")
                            + (1 - decay) * Numerics.standardDeviation(values));
        }

        Carry into(Carry carry, String name) {
            return carry.with(name + "/mean", mean).with(name + "/deviation", deviation);
        }

        /// 0 while all values have been equal.
        double deviations(double value) {
            return deviation == 0 ? 0 : (value - mean) / deviation;
        }
    }

    static Detached of(Objective objective, PairLogps batch, Carry carry, SplitMix64 random) {
        return new Computation(objective, batch, carry, random).result();
    }

    private static final class Computation {
        private final Objective objective;
        private final PairLogps batch;
        private final SplitMix64 random;
        private final Scores.TokenWeights tokenWeights;
        private final Scores scores;
        private final Map<String, Double> facts = new LinkedHashMap<>();
        private Carry carry;

        Computation(Objective objective, PairLogps batch, Carry carry, SplitMix64 random) {
            this.objective = objective;
            this.batch = batch;
            this.carry = carry;
            this.random = random;
            this.tokenWeights = Scores.TokenWeights.of(objective.reduce(), batch);
            this.scores = Scores.of(objective, batch, tokenWeights);
        }

        Detached result() {
            double beta = objective.beta();
            double[] pairWeights = new double[batch.pairs()];
            switch (objective.pairWeight()) {
                case PairWeight.Equal() -> Arrays.fill(pairWeights, 1);
                case PairWeight.Wpo() -> {
                    for (int pair = 0; pair < pairWeights.length; pair++) {
                        pairWeights[pair] = likeliness(pair);
                    }
                }
                case PairWeight.BetaDpo adaptive -> beta = keepSome(adaptive, pairWeights);
                case PairWeight.Column() ->
                        pairWeights =
                                requireNonNull(
                                        batch.extras().weights(), "The objective needs weights.");
            }
            return new Detached(
                    tokenWeights,
                    pilots(),
                    beta,
                    margins(beta),
                    pairWeights,
                    centre(beta),
                    carry,
                    facts);
        }

        /// WPO's w_w · w_l.
        private double likeliness(int pair) {
            PairLogps logSquares =
                    requireNonNull(batch.extras().logSquares(), "The objective needs log-squares.");
            double exponent =
                    aligned(batch.chosen()[pair], logSquares.chosen()[pair])
                            + aligned(batch.rejected()[pair], logSquares.rejected()[pair]);
            return Numerics.exp(exponent).value();
        }

        private static double aligned(double[] logps, double[] logSquares) {
            return logps.length == 0 ? 0 : Numerics.mean(logps) - Numerics.mean(logSquares);
        }

        /// Draws the pairs that stay by weight without replacement: those with the smallest
        /// exponential variates of their rates (Efraimidis and Spirakis 2006).
        ///
        /// @return β of this batch
        private double keepSome(PairWeight.BetaDpo adaptive, double[] pairWeights) {
            double[] gaps = scores.logRatioGaps();
            Running running = Running.updated(carry, "beta-dpo", adaptive.decay(), gaps);
            carry = running.into(carry, "beta-dpo");
            double[] keys = new double[gaps.length];
            for (int pair = 0; pair < gaps.length; pair++) {
                double deviations = running.deviations(gaps[pair]);
                keys[pair] = Math.log(-Math.log1p(-random.uniform())) + deviations * deviations / 2;
            }
            int kept = adaptive.kept(gaps.length);
            List<Integer> drawn =
                    IntStream.range(0, gaps.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble(pair -> keys[pair]))
                            .limit(kept)
                            .toList();
            double excess = 0;
            for (int pair : drawn) {
                pairWeights[pair] = (double) gaps.length / kept;
                excess += (gaps[pair] - running.mean()) / kept;
            }
            double beta = adaptive.beta(objective.beta(), excess);
            facts.put("beta_used", beta);
            facts.put("adaptive/margin_mu", running.mean());
            facts.put("adaptive/margin_sigma", running.deviation());
            return beta;
        }

        private @Nullable Pilots pilots() {
            if (!(objective.reduce() instanceof Reduce.Pilots settings)) {
                return null;
            }
            double[] chosen = new double[batch.pairs()];
            double[] rejected = new double[batch.pairs()];
            for (int pair = 0; pair < chosen.length; pair++) {
                int w = batch.chosen()[pair].length;
                int l = batch.rejected()[pair].length;
                chosen[pair] = pilot(true, pair, settings.size(true, w, l));
                rejected[pair] = pilot(false, pair, settings.size(false, l, w));
            }
            return new Pilots(chosen, rejected);
        }

        private double pilot(boolean chosen, int pair, int size) {
            PairLogps reference = batch.reference();
            double[] logps = (chosen ? batch.chosen() : batch.rejected())[pair];
            List<Integer> tokens = IntStream.range(0, logps.length).boxed().toList();
            double score = 0;
            for (int t : random.sample(tokens, Math.min(size, logps.length))) {
                score += logps[t];
                if (reference != null && objective.reference() == Reference.FROZEN) {
                    score -= (chosen ? reference.chosen() : reference.rejected())[pair][t];
                }
            }
            return score;
        }

        private double[] margins(double beta) {
            double[] margins = new double[batch.pairs()];
            if (objective.contrast() == null) {
                return margins;
            }
            switch (objective.margin()) {
                case Margin.Zero() -> {}
                case Margin.Constant constant -> Arrays.fill(margins, constant.gammaOverBeta());
                case Margin.Length length -> {
                    for (int pair = 0; pair < margins.length; pair++) {
                        int longer = batch.chosen()[pair].length - batch.rejected()[pair].length;
                        margins[pair] = -length.alpha() * longer / beta;
                    }
                }
                case Margin.Adaptive adaptive -> {
                    double[] gaps = scores.logRatioGaps();
                    Running running = Running.updated(carry, "alpha-dpo", adaptive.decay(), gaps);
                    carry = running.into(carry, "alpha-dpo");
                    for (int pair = 0; pair < margins.length; pair++) {
                        margins[pair] = adaptive.at(running.deviations(gaps[pair]), beta);
                    }
                    facts.put("adaptive/margin_mu", running.mean());
                    facts.put("adaptive/margin_sigma", running.deviation());
                }
                case Margin.PerPair perPair -> {
                    double[] offsets =
                            requireNonNull(
                                    batch.extras().offsets(), "The objective needs offsets.");
                    for (int pair = 0; pair < margins.length; pair++) {
                        margins[pair] = perPair.factor() * offsets[pair];
                    }
                }
            }
            return margins;
        }

        private double centre(double beta) {
            return switch (objective.unary()) {
                case Unary.Kto _ -> {
                    double[] mismatched =
                            requireNonNull(
                                    batch.extras().mismatched(),
                                    "The objective needs mismatched completions.");
                    double kl = Math.max(0, Numerics.mean(mismatched));
                    facts.put("kl", kl);
                    yield kl;
                }
                case Unary.Bco bco when bco.shift() == Unary.Bco.Shift.RUNNING_MEAN -> {
                    double mean = runningScore();
                    facts.put("delta", beta * mean);
                    yield mean;
                }
                case null, default -> 0;
            };
        }

        /// The mean of all scores seen so far, those of this batch included.
        private double runningScore() {
            double count = carry.get("bco/count");
            double sum = carry.get("bco/sum");
            for (Scores.Side side : List.of(scores.chosen(), scores.rejected())) {
                for (double score : side.scores()) {
                    if (!Double.isNaN(score)) {
                        sum += score;
                        count++;
                    }
                }
            }
            carry = carry.with("bco/count", count).with("bco/sum", sum);
            return sum / count;
        }
    }
}
