package dev.slimelab.engine.objective;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Values and gradients of an objective's terms for one part of a batch, with everything that
/// carries no gradient given.
final class Terms {
    private final Objective objective;
    private final PairLogps part;
    private final BatchTotals totals;
    private final Detached detached;
    private final Scores scores;

    /// Filled by the contrast.
    private double[] z = {};

    Terms(Objective objective, PairLogps part, BatchTotals totals, Detached detached) {
        this.objective = objective;
        this.part = part;
        this.totals = totals;
        this.detached = detached;
        this.scores = Scores.of(objective, part, detached.tokenWeights());
    }

    Evaluation evaluate() {
        List<Evaluation.Term> terms = new ArrayList<>();
        Map<String, Double> facts = new LinkedHashMap<>(detached.facts());
        if (objective.contrast() != null) {
            terms.addAll(contrast(objective.contrast()));
        }
        if (objective.unary() != null) {
            terms.add(unary(objective.unary()));
        }
        if (objective.anchor() instanceof Anchor.Nll nll) {
            terms.add(anchor(nll));
        }
        if (objective.stabiliser() != null) {
            terms.add(stabiliser(objective.stabiliser()));
        }
        switch (objective.regulariser()) {
            case Regulariser.ValuePenalty penalty -> terms.add(penalty(penalty, facts));
            case Regulariser.KlToReference kl -> terms.add(kl(kl));
            case null -> {}
        }
        return new Evaluation(
                terms,
                scores.margins(),
                z,
                rewards(scores.chosen()),
                rewards(scores.rejected()),
                detached.carry(),
                facts);
    }

    private double[] rewards(Scores.Side side) {
        return Arrays.stream(side.scores()).map(score -> detached.beta() * score).toArray();
    }

    /// One evaluation of a contrast.
    ///
    /// @param difference what β multiplies, before the margin
    /// @param chosen the pair whose chosen answer is in it; −1 for none
    /// @param rejected the pair whose rejected answer is in it; −1 for none
    /// @param pair the pair whose margin and weight count
    /// @param share factor on the pair's weight
    private record Comparison(
            double difference, int chosen, int rejected, int pair, double share) {}

    private List<Comparison> comparisons(Contrast contrast) {
        if (contrast instanceof Contrast.Sorted sorted) {
            return sorted(sorted.by());
        }
        List<Comparison> comparisons = new ArrayList<>();
        Detached.Pilots pilots = detached.pilots();
        for (int pair = 0; pair < scores.pairs(); pair++) {
            if (pilots == null) {
                comparisons.add(new Comparison(scores.margin(pair), pair, pair, pair, 1));
                continue;
            }
            double chosen = scores.chosen().scores()[pair];
            double rejected = scores.rejected().scores()[pair];
            comparisons.add(new Comparison(chosen - pilots.rejected()[pair], pair, -1, pair, 0.5));
            comparisons.add(new Comparison(pilots.chosen()[pair] - rejected, -1, pair, pair, 0.5));
        }
        return comparisons;
    }

    private List<Comparison> sorted(Contrast.Sorted.By by) {
        double[] above = new double[scores.pairs()];
        double[] below = new double[scores.pairs()];
        for (int pair = 0; pair < above.length; pair++) {
            Scores.Side w = scores.chosen();
            Scores.Side l = scores.rejected();
            switch (by) {
                case MARGINS -> {
                    above[pair] = w.policy()[pair] - l.policy()[pair];
                    below[pair] = w.reference()[pair] - l.reference()[pair];
                }
                case SCORES -> {
                    above[pair] = w.scores()[pair];
                    below[pair] = l.scores()[pair];
                }
            }
        }
        int[] upper = order(above);
        int[] lower = order(below);
        List<Comparison> comparisons = new ArrayList<>();
        for (int rank = 0; rank < upper.length; rank++) {
            int pair = upper[rank];
            int partner = by == Contrast.Sorted.By.MARGINS ? pair : lower[rank];
            comparisons.add(
                    new Comparison(above[pair] - below[lower[rank]], pair, partner, pair, 1));
        }
        return comparisons;
    }

    /// The indices that sort `values`, in a stable order.
    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// The contrast, and the anchor that works inside it as a term of its own.
    private List<Evaluation.Term> contrast(Contrast contrast) {
        Gradient gradient = new Gradient();
        Gradient floorGradient = new Gradient();
        Anchor.ReferenceFloor floor =
                objective.anchor() instanceof Anchor.ReferenceFloor f ? f : null;
        double value = 0;
        double floorValue = 0;
        double beta = detached.beta();
        List<Comparison> comparisons = comparisons(contrast);
        z = new double[comparisons.size()];
        for (int i = 0; i < z.length; i++) {
            Comparison comparison = comparisons.get(i);
            int pair = comparison.pair();
            double weight =
                    objective.scale()
                            * detached.pairWeights()[pair]
                            * comparison.share()
                            / totals.pairs();
            double free = beta * (comparison.difference() - detached.margins()[pair]);
            z[i] = free;
            Slope lowered = Slope.ZERO;
            if (floor != null) {
                lowered = floor.at(scores.chosen().scores()[pair]);
                z[i] -= beta * lowered.value();
            }
            Slope slope = contrast.at(z[i], beta);
            double push = weight * beta * slope.derivative();
            if (comparison.chosen() >= 0) {
                scores.chosen().push(gradient.chosen, comparison.chosen(), push);
            }
            if (comparison.rejected() >= 0) {
                scores.rejected().push(gradient.rejected, comparison.rejected(), -push);
            }
            if (floor == null) {
                value += weight * slope.value();
            } else {
                double without = contrast.at(free, beta).value();
                value += weight * without;
                floorValue += weight * (slope.value() - without);
                scores.chosen().push(floorGradient.chosen, pair, -push * lowered.derivative());
            }
        }
        Evaluation.Term term = gradient.term(Objective.CONTRAST, value);
        return floor == null
                ? List.of(term)
                : List.of(term, floorGradient.term(Objective.ANCHOR, floorValue));
    }

    private Evaluation.Term unary(Unary unary) {
        Gradient gradient = new Gradient();
        double value = 0;
        double perAnswer = 2 * objective.scale() / totals.answers();
        for (int pair = 0; pair < scores.pairs(); pair++) {
            double weight = perAnswer * detached.pairWeights()[pair];
            double chosen = scores.chosen().scores()[pair];
            double rejected = scores.rejected().scores()[pair];
            Judgement judged = unary.at(chosen, rejected, detached.beta(), detached.centre());
            value += weight * judged.value();
            scores.chosen().push(gradient.chosen, pair, weight * judged.chosenDerivative());
            scores.rejected().push(gradient.rejected, pair, weight * judged.rejectedDerivative());
        }
        return gradient.term(Objective.UNARY, value);
    }

    private Evaluation.Term anchor(Anchor.Nll nll) {
        Gradient gradient = new Gradient();
        double[][] prompt =
                nll.span() == Anchor.Nll.Span.PROMPT_AND_COMPLETION
                        ? requireNonNull(
                                part.extras().prompt(), "The objective needs prompt log-probs.")
                        : null;
        double[][] promptGradient = prompt == null ? null : zerosLike(prompt);
        double value = 0;
        for (int pair = 0; pair < part.pairs(); pair++) {
            double[] chosen = part.chosen()[pair];
            if (chosen.length == 0) {
                continue;
            }
            int tokens = chosen.length + (prompt == null ? 0 : prompt[pair].length);
            double slope = objective.scale() * nll.tokenSlope(tokens, objective.beta(), totals);
            value += slope * Numerics.sum(chosen);
            Arrays.fill(gradient.chosen[pair], slope);
            if (prompt != null && promptGradient != null) {
                value += slope * Numerics.sum(prompt[pair]);
                Arrays.fill(promptGradient[pair], slope);
            }
        }
        return new Evaluation.Term(
                Objective.ANCHOR, value, gradient.chosen, gradient.rejected, promptGradient);
    }

    private Evaluation.Term stabiliser(Stabiliser stabiliser) {
        Gradient gradient = new Gradient();
        double value = 0;
        if (stabiliser.readsRejected()) {
            value +=
                    stabiliser.evaluate(
                            part.rejected(),
                            totals.rejectedAnswers(),
                            totals.rejectedTokens(),
                            gradient.rejected);
        }
        if (stabiliser.readsChosen()) {
            value +=
                    stabiliser.evaluate(
                            part.chosen(),
                            totals.chosenAnswers(),
                            totals.chosenTokens(),
                            gradient.chosen);
        }
        gradient.times(objective.scale());
        return gradient.term(Objective.STABILISER, objective.scale() * value);
    }

    private Evaluation.Term penalty(Regulariser.ValuePenalty penalty, Map<String, Double> facts) {
        Gradient gradient = new Gradient();
        double[] excesses = new double[part.pairs()];
        double mean = 0;
        double gStar = 0;
        for (int pair = 0; pair < excesses.length; pair++) {
            double[] logps = part.chosen()[pair];
            if (logps.length == 0) {
                continue;
            }
            double share = share(penalty, logps.length);
            double nll = -share * Numerics.sum(logps);
            double best =
                    switch (penalty.best()) {
                        case Regulariser.ValuePenalty.Best.FrozenReference() ->
                                -share * Numerics.sum(reference().chosen()[pair]);
                        case Regulariser.ValuePenalty.Best.Constant constant ->
                                constant.value() / totals.chosenAnswers();
                        case Regulariser.ValuePenalty.Best.InnerSteps() ->
                                detached.carry().get(Objective.INNER_VALUE)
                                        / totals.chosenAnswers();
                    };
            Arrays.fill(gradient.chosen[pair], -share);
            excesses[pair] = nll - best;
            mean += excesses[pair];
            gStar += best;
        }
        double value = 0;
        double active = 0;
        switch (penalty.scope()) {
            case BATCH -> {
                Slope slope = penalty.at(mean).times(objective.scale());
                value = slope.value();
                active = slope.derivative() > 0 ? 1 : 0;
                gradient.times(slope.derivative());
            }
            case PAIR -> {
                int answers = totals.chosenAnswers();
                for (int pair = 0; pair < excesses.length; pair++) {
                    Slope slope = penalty.at(answers * excesses[pair]).times(objective.scale());
                    value += slope.value() / answers;
                    active += (slope.derivative() > 0 ? 1.0 : 0.0) / answers;
                    Gradient.times(gradient.chosen[pair], slope.derivative());
                }
            }
        }
        facts.put("spo/violation", mean - penalty.slack());
        facts.put("spo/active_frac", active);
        facts.put(Objective.INNER_VALUE, gStar);
        return gradient.term(Objective.REGULARISER, value);
    }

    /// How much a token of one chosen answer counts in the penalty's average.
    private double share(Regulariser.ValuePenalty penalty, int tokens) {
        return penalty.average().tokenShare(tokens, totals.chosenAnswers(), totals.chosenTokens());
    }

    private Evaluation.Term kl(Regulariser.KlToReference kl) {
        Gradient gradient = new Gradient();
        double perToken = objective.scale() / (totals.chosenTokens() + totals.rejectedTokens());
        double value =
                kl(kl, part.chosen(), reference().chosen(), perToken, gradient.chosen)
                        + kl(
                                kl,
                                part.rejected(),
                                reference().rejected(),
                                perToken,
                                gradient.rejected);
        return gradient.term(Objective.REGULARISER, value);
    }

    private static double kl(
            Regulariser.KlToReference kl,
            double[][] policy,
            double[][] reference,
            double perToken,
            double[][] gradient) {
        double value = 0;
        for (int pair = 0; pair < policy.length; pair++) {
            for (int t = 0; t < policy[pair].length; t++) {
                Slope slope = kl.at(policy[pair][t] - reference[pair][t]).times(perToken);
                value += slope.value();
                gradient[pair][t] = slope.derivative();
            }
        }
        return value;
    }

    private PairLogps reference() {
        return requireNonNull(part.reference(), "The objective needs reference log-probs.");
    }

    /// ∂term/∂logp_t of both sides.
    private final class Gradient {
        private final double[][] chosen = zerosLike(part.chosen());
        private final double[][] rejected = zerosLike(part.rejected());

        Evaluation.Term term(String name, double value) {
            return new Evaluation.Term(name, value, chosen, rejected, null);
        }

        void times(double factor) {
            for (int pair = 0; pair < chosen.length; pair++) {
                times(chosen[pair], factor);
                times(rejected[pair], factor);
            }
        }

        static void times(double[] tokens, double factor) {
            for (int t = 0; t < tokens.length; t++) {
                tokens[t] *= factor;
            }
        }
    }

    static double[][] zerosLike(double[][] values) {
        double[][] zeros = new double[values.length][];
        for (int row = 0; row < values.length; row++) {
            zeros[row] = new double[values[row].length];
        }
        return zeros;
    }
}
