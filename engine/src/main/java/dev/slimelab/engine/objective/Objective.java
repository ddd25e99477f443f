package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A preference objective, put together from components that can each be switched off:
///
/// ```
/// score f(y) = reduce(logp − [reference]);   z = β · (f(chosen) − f(rejected) − margin)
/// loss       = scale · ( mean over pairs of contrast(z)  +  anchor(chosen)  +  stabiliser(rejected tokens) )
/// ```
///
/// @param contrast null where the objective does not compare
/// @param anchor null where nothing holds the chosen answer up
/// @param stabiliser null where rejected tokens may fall freely
public record Objective(
        @Parameter(
                        label = "Score",
                        help = "How an answer's token log-probs become one score.",
                        initial = "mean")
                Reduce reduce,
        @Parameter(
                        label = "Reference",
                        help = "What the score is measured against.",
                        initial = "none")
                Reference reference,
        @Parameter(
                        label = "Temperature",
                        symbol = "β",
                        help = "Factor on the score difference, and on the logged rewards.",
                        initial = "1",
                        above = 0,
                        low = 0.01,
                        high = 10,
                        scale = Parameter.Scale.LOGARITHMIC)
                double beta,
        @Parameter(
                        label = "Margin",
                        help = "What the score difference must exceed.",
                        initial = "zero")
                Margin margin,
        @Parameter(
                        label = "Contrast",
                        help = "The term that prefers the chosen answer to the rejected one.")
                @Nullable Contrast contrast,
        @Parameter(label = "Anchor", help = "The term that keeps the chosen answer likely.")
                @Nullable Anchor anchor,
        @Parameter(
                        label = "Stabiliser",
                        help = "The term that keeps rejected tokens from becoming impossible.")
                @Nullable Stabiliser stabiliser,
        @Parameter(
                        label = "Scale",
                        help =
                                "Factor on the whole loss; AdamW without clipping hardly notices it,"
                                        + " clipping does.",
                        source =
                                "1; the SLIME reference code trains 3 times its formula by accident",
                        initial = "1",
                        above = 0)
                double scale) {
    public static final String CONTRAST = "contrast";
    public static final String ANCHOR = "anchor";
    public static final String STABILISER = "stabiliser";

    public Objective {
        Settings.require(Objective.class, "beta", beta);
        Settings.require(Objective.class, "scale", scale);
        if (contrast == null && anchor == null && stabiliser == null) {
            throw Problem.badRequest(
                    "The objective has neither contrast, anchor nor stabiliser, so there is nothing"
                            + " to optimise.",
                    "Switch at least one term on.");
        }
    }

    /// Whether reference log-probs must be given.
    public boolean needsReference() {
        return reference == Reference.FROZEN;
    }

    /// Whether rejected answers take part at all.
    public boolean readsRejected() {
        return contrast != null || stabiliser != null;
    }

    /// Whether some term depends on log-probs of the whole batch, so that a batch must not be
    /// evaluated in parts.
    public boolean couplesPairs() {
        return stabiliser != null && stabiliser.couplesPairs();
    }

    /// The loss of a batch, each term's value, and each term's gradient with respect to every
    /// token's log-prob.
    public Evaluation evaluate(PairLogps batch) {
        return evaluate(batch, BatchTotals.of(batch));
    }

    /// The share of one part in the loss of a batch of `totals`; the shares of all parts add up to
    /// the batch's loss.
    ///
    /// @throws IllegalArgumentException where the reference is needed and missing
    public Evaluation evaluate(PairLogps part, BatchTotals totals) {
        int pairs = part.pairs();
        PairLogps frozen = part.reference();
        if (needsReference() && frozen == null) {
            throw new IllegalArgumentException("The objective needs reference log-probs.");
        }
        double[] margins = new double[pairs];
        double[] rewardsChosen = new double[pairs];
        double[] rewardsRejected = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            double chosen = reduce.of(part.chosen()[pair]);
            double rejected = reduce.of(part.rejected()[pair]);
            if (needsReference() && frozen != null) {
                chosen -= reduce.of(frozen.chosen()[pair]);
                rejected -= reduce.of(frozen.rejected()[pair]);
            }
            margins[pair] = chosen - rejected;
            rewardsChosen[pair] = beta * chosen;
            rewardsRejected[pair] = beta * rejected;
        }
        List<Evaluation.Term> terms = new ArrayList<>(3);
        if (contrast != null) {
            terms.add(contrastTerm(contrast, part, margins, totals));
        }
        if (anchor != null) {
            terms.add(anchorTerm(anchor, part, totals));
        }
        if (stabiliser != null) {
            terms.add(stabiliserTerm(stabiliser, part, totals));
        }
        return new Evaluation(terms, margins, rewardsChosen, rewardsRejected);
    }

    /// The loss in LaTeX, as far as its terms are switched on.
    public String latex() {
        String terms =
                Stream.of(
                                contrast == null ? "" : contrast.latex(),
                                anchor == null ? "" : anchor.latex(),
                                stabiliser == null ? "" : stabiliser.latex())
                        .filter(term -> !term.isEmpty())
                        .collect(Collectors.joining("+"))
                        .replace("+-", "-");
        return scale == 1 ? terms : Settings.number(scale) + "\\,(" + terms + ")";
    }

    private Evaluation.Term contrastTerm(
            Contrast contrast, PairLogps part, double[] margins, BatchTotals totals) {
        double[][] chosen = zerosLike(part.chosen());
        double[][] rejected = zerosLike(part.rejected());
        double perPair = scale / totals.pairs();
        double value = 0;
        for (int pair = 0; pair < margins.length; pair++) {
            Slope slope = contrast.at(beta * (margins[pair] - margin.value()));
            value += slope.value() * perPair;
            double push = beta * slope.derivative() * perPair;
            fill(chosen[pair], push);
            fill(rejected[pair], -push);
        }
        return new Evaluation.Term(CONTRAST, value, chosen, rejected);
    }

    private Evaluation.Term anchorTerm(Anchor anchor, PairLogps part, BatchTotals totals) {
        double[][] chosen = zerosLike(part.chosen());
        double value = 0;
        for (int pair = 0; pair < chosen.length; pair++) {
            double slope = scale * anchor.tokenSlope(chosen[pair].length, totals);
            value += slope * Numerics.sum(part.chosen()[pair]);
            Arrays.fill(chosen[pair], slope);
        }
        return new Evaluation.Term(ANCHOR, value, chosen, zerosLike(part.rejected()));
    }

    private Evaluation.Term stabiliserTerm(
            Stabiliser stabiliser, PairLogps part, BatchTotals totals) {
        double[][] rejected = zerosLike(part.rejected());
        double value = stabiliser.evaluate(part.rejected(), totals, rejected);
        for (double[] tokens : rejected) {
            for (int t = 0; t < tokens.length; t++) {
                tokens[t] *= scale;
            }
        }
        return new Evaluation.Term(STABILISER, scale * value, zerosLike(part.chosen()), rejected);
    }

    private void fill(double[] tokens, double push) {
        Arrays.fill(tokens, push * reduce.tokenWeight(tokens.length));
    }

    static double[][] zerosLike(double[][] values) {
        double[][] zeros = new double[values.length][];
        for (int row = 0; row < values.length; row++) {
            zeros[row] = new double[values[row].length];
        }
        return zeros;
    }
}
