package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.random.SplitMix64;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A preference objective, put together from components that can each be switched off:
///
/// ```
/// score f(y) = transform(reduce(logp − [reference]));   z = β · (f(chosen) − f(rejected) − margin)
/// loss       = scale · ( mean over pairs of pairWeight · (contrast(z) + unary(f(chosen), f(rejected)))
///                        + anchor(chosen) + stabiliser(tokens) + regulariser )
/// ```
///
/// @param contrast null where the objective does not compare
/// @param unary null where it does not judge answers one by one
/// @param anchor null where nothing holds the chosen answer up
/// @param stabiliser null where tokens may fall freely
/// @param regulariser null where nothing holds the whole policy back
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
                        label = "Transform",
                        help = "What becomes of a score before answers are compared.",
                        initial = "identity")
                Transform transform,
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
        @Parameter(label = "Unary", help = "The term that judges each answer for itself.")
                @Nullable Unary unary,
        @Parameter(label = "Anchor", help = "The term that keeps the chosen answer likely.")
                @Nullable Anchor anchor,
        @Parameter(
                        label = "Stabiliser",
                        help = "The term that keeps rejected tokens from becoming impossible.")
                @Nullable Stabiliser stabiliser,
        @Parameter(label = "Regulariser", help = "The term that holds the whole policy back.")
                @Nullable Regulariser regulariser,
        @Parameter(
                        label = "Pair weight",
                        help = "How much each pair counts in contrast and unary.",
                        initial = "equal")
                PairWeight pairWeight,
        @Parameter(
                        label = "Loop",
                        help = "What happens around the optimiser steps.",
                        initial = "none")
                Loop loop,
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
    public static final String UNARY = "unary";
    public static final String ANCHOR = "anchor";
    public static final String STABILISER = "stabiliser";
    public static final String REGULARISER = "regulariser";

    /// The name of G* as a fact, and in a [Carry] under which the value of
    /// [Regulariser.ValuePenalty.Best.InnerSteps] is handed in.
    public static final String INNER_VALUE = "spo/gstar";

    public Objective {
        Settings.require(Objective.class, "beta", beta);
        Settings.require(Objective.class, "scale", scale);
        refuse(
                Stream.of(contrast, unary, anchor, stabiliser, regulariser)
                        .allMatch(Objects::isNull),
                "The objective has no term, so there is nothing to optimise.",
                "Switch on a contrast, a unary term, an anchor, a stabiliser or a regulariser.");
        boolean mean = reduce instanceof Reduce.Mean;
        refuse(
                transform instanceof Transform.LogOdds && (!mean || reference == Reference.FROZEN),
                "The log-odds transform needs log-probs below 0, which sums squash and log-ratios"
                        + " are not.",
                "Set reduce to mean and reference to none.");
        refuse(
                transform instanceof Transform.FDivergence && reference == Reference.NONE,
                "An f-divergence is measured from a reference, and the objective has none.",
                "Set reference to frozen, or transform to identity.");
        boolean sortsMargins =
                contrast instanceof Contrast.Sorted sorted
                        && sorted.by() == Contrast.Sorted.By.MARGINS;
        refuse(
                sortsMargins
                        && (reference == Reference.NONE
                                || !(transform instanceof Transform.Identity)),
                "Sorted margins are compared with the reference's margins as they are.",
                "Set reference to frozen and transform to identity, or sort scores.");
        refuse(
                contrast instanceof Contrast.Sorted
                        && (!(margin instanceof Margin.Zero) || reduce instanceof Reduce.Pilots),
                "A sorted contrast compares ranks, not pairs, so neither a margin nor pilots of a"
                        + " pair mean anything.",
                "Set margin to zero and reduce to sum or mean.");
        refuse(
                reduce instanceof Reduce.Pilots
                        && (contrast == null
                                || unary != null
                                || !(transform instanceof Transform.Identity)),
                "Pilots are compared by a contrast, untransformed, and by nothing else.",
                "Set transform to identity, switch the contrast on and the unary term off.");
        refuse(
                anchor instanceof Anchor.ReferenceFloor
                        && (contrast == null || reference == Reference.NONE),
                "A reference floor works inside a contrast and needs a reference.",
                "Switch the contrast on and set reference to frozen.");
        boolean inner =
                regulariser instanceof Regulariser.ValuePenalty penalty
                        && penalty.best() instanceof Regulariser.ValuePenalty.Best.InnerSteps;
        refuse(
                inner != loop instanceof Loop.InnerSft,
                "The value penalty's best value inner-steps and the loop inner-sft belong together.",
                "Set both, or neither.");
        refuse(
                regulariser instanceof Regulariser.ValuePenalty value
                        && value.scope() == Regulariser.ValuePenalty.Scope.PAIR
                        && value.average() == Anchor.Nll.Average.TOKEN_MEAN,
                "A token mean over the batch has no value for a single pair.",
                "Set the penalty's average to sequence-mean or its scope to batch.");
        refuse(
                loop instanceof Loop.ReferenceSync && reference == Reference.NONE,
                "The loop reference-sync moves a reference, and the objective has none.",
                "Set reference to frozen, or loop to none.");
    }

    /// Refuses what can be written down and evaluated, but not trained.
    ///
    /// @param batchPairs pairs of an optimiser batch
    /// @throws Problem bad request: with the reason
    public void requireTrainable(int batchPairs) {
        refuse(
                transform instanceof Transform.AlphaReward && !(reduce instanceof Reduce.Mean),
                "The alpha-reward transform overflows on sums of log-probs.",
                "Set objective.reduce to mean.");
        refuse(
                batchPairs < fewestPairs(),
                "The objective compares the pairs of a batch with each other, and the batch has "
                        + batchPairs
                        + ".",
                "Set optimization.batchPairs to " + fewestPairs() + " or more.");
    }

    private static void refuse(boolean illegal, String what, String remedy) {
        if (illegal) {
            throw Problem.badRequest(what, remedy);
        }
    }

    /// What must be given beside the policy's log-probs of both answers.
    public Set<Need> needs() {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        boolean measuresValue =
                regulariser instanceof Regulariser.ValuePenalty penalty
                        && penalty.best() instanceof Regulariser.ValuePenalty.Best.FrozenReference;
        if (reference == Reference.FROZEN
                || margin instanceof Margin.Adaptive
                || pairWeight instanceof PairWeight.BetaDpo
                || unary instanceof Unary.Kto
                || regulariser instanceof Regulariser.KlToReference
                || measuresValue) {
            needs.add(Need.REFERENCE);
        }
        if (anchor instanceof Anchor.Nll nll
                && nll.span() == Anchor.Nll.Span.PROMPT_AND_COMPLETION) {
            needs.add(Need.PROMPT);
        }
        if (unary instanceof Unary.Kto) {
            needs.add(Need.MISMATCHED);
        }
        if (pairWeight instanceof PairWeight.Wpo) {
            needs.add(Need.LOG_SQUARES);
        }
        if (pairWeight instanceof PairWeight.Column) {
            needs.add(Need.WEIGHTS);
        }
        if (margin instanceof Margin.PerPair) {
            needs.add(Need.OFFSETS);
        }
        if (reduce instanceof Reduce.SentenceWeighted) {
            needs.add(Need.SENTENCES);
        }
        return needs;
    }

    /// Whether reference log-probs must be given.
    public boolean needsReference() {
        return needs().contains(Need.REFERENCE);
    }

    /// Whether the reference can be asked about all rows before the first step: it stands still,
    /// and is asked about nothing but the data.
    public boolean foretellsReference() {
        return !(loop instanceof Loop.ReferenceSync) && !needs().contains(Need.MISMATCHED);
    }

    /// Whether rejected answers take part at all.
    public boolean readsRejected() {
        return contrast != null
                || unary != null
                || (stabiliser != null && stabiliser.readsRejected())
                || regulariser instanceof Regulariser.KlToReference;
    }

    /// Whether rows that lack one of their answers cannot be trained on.
    public boolean comparesPairs() {
        return contrast != null
                || (unary != null && unary.comparesPairs())
                || pairWeight instanceof PairWeight.BetaDpo;
    }

    /// The fewest pairs of a batch that the objective means anything for: 2 where it compares pairs
    /// with each other.
    public int fewestPairs() {
        return contrast instanceof Contrast.Sorted
                        || unary instanceof Unary.Kto
                        || margin instanceof Margin.Adaptive
                        || pairWeight instanceof PairWeight.BetaDpo
                ? 2
                : 1;
    }

    /// Whether some number depends on log-probs of the whole batch or is carried from step to step,
    /// so that a batch must not be evaluated in parts.
    public boolean couplesPairs() {
        return fewestPairs() > 1
                || regulariser instanceof Regulariser.ValuePenalty
                || reduce instanceof Reduce.Pilots
                || (unary instanceof Unary.Bco bco && bco.shift() == Unary.Bco.Shift.RUNNING_MEAN)
                || (stabiliser != null && stabiliser.couplesPairs());
    }

    /// What is legal and yet rarely meant, one sentence each.
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        boolean sums = !(reduce instanceof Reduce.Mean);
        if (contrast != null || unary != null) {
            if (!sums && beta < 1) {
                warnings.add(
                        "β is below 1 with a mean over tokens: score differences are about 1 nat per"
                                + " token, so the loss hardly changes. Means usually take 2 to 10.");
            }
            if (sums && beta > 1) {
                warnings.add(
                        "β is above 1 with sums over tokens: score differences are tens of nats, so"
                                + " the loss saturates. Sums usually take 0.01 to 0.5.");
            }
        }
        if (anchor instanceof Anchor.Nll nll && nll.average() == Anchor.Nll.Average.SUM) {
            warnings.add(
                    "The anchor sums over tokens, so its weight counts once per token; means and"
                            + " sums differ by the answer's length.");
        }
        if (margin instanceof Margin.Length) {
            warnings.add(
                    "Papers disagree on the sign of the length term: above 0 it is added to z, as a"
                            + " reward of r − α · tokens implies.");
        }
        return warnings;
    }

    /// The loss of a batch, each term's value, and each term's gradient with respect to every
    /// token's log-prob.
    public Evaluation evaluate(PairLogps batch) {
        return evaluate(batch, BatchTotals.of(batch));
    }

    /// The share of one part in the loss of a batch of `totals`; the shares of all parts add up to
    /// the batch's loss, unless the objective [couples pairs][#couplesPairs()].
    public Evaluation evaluate(PairLogps part, BatchTotals totals) {
        return evaluate(part, totals, Carry.NONE, new SplitMix64(0));
    }

    /// The same, with what earlier steps left and a source of random numbers.
    ///
    /// @throws NullPointerException where something that is [needed][#needs()] is missing
    public Evaluation evaluate(PairLogps part, BatchTotals totals, Carry carry, SplitMix64 random) {
        if (needsReference()) {
            Objects.requireNonNull(part.reference(), "The objective needs reference log-probs.");
        }
        return evaluate(part, totals, Detached.of(this, part, carry, random));
    }

    Evaluation evaluate(PairLogps part, BatchTotals totals, Detached detached) {
        return new Terms(this, part, totals, detached).evaluate();
    }

    /// What the contrast alone is evaluated at: z, one number per comparison, as [Evaluation#z].
    /// Asks for nothing that only other terms need, so that a distribution of real log-probs can be
    /// looked at under any objective. Without a contrast empty; of pairs that lack an answer, NaN.
    ///
    /// @throws NullPointerException where the score or the margin [needs][#needs()] what is missing
    public double[] comparisons(PairLogps batch) {
        if (contrast == null) {
            return new double[0];
        }
        Anchor floor = anchor instanceof Anchor.ReferenceFloor ? anchor : null;
        return new Objective(
                        reduce,
                        reference,
                        transform,
                        beta,
                        margin,
                        contrast,
                        null,
                        floor,
                        null,
                        null,
                        new PairWeight.Equal(),
                        new Loop.None(),
                        1)
                .evaluate(batch)
                .z();
    }

    /// The loss in LaTeX over the scores f and z, as far as its terms are switched on.
    public String latex() {
        String terms =
                Stream.of(
                                contrast == null ? "" : contrast.latex(),
                                unary == null ? "" : unary.latex(),
                                anchor == null ? "" : anchor.latex(),
                                stabiliser == null ? "" : stabiliser.latex(),
                                regulariser == null ? "" : regulariser.latex())
                        .filter(term -> !term.isEmpty())
                        .collect(Collectors.joining("+"))
                        .replace("+-", "-");
        return scale == 1 ? terms : Settings.number(scale) + "\\,(" + terms + ")";
    }

    /// z in LaTeX, for objectives with a contrast.
    public String latexOfZ() {
        String of = margin.latex();
        String floor = anchor instanceof Anchor.ReferenceFloor ? "-\\lambda\\max(0,-f_w)" : "";
        String difference = "f_w-f_l" + (of.isEmpty() ? "" : "-" + of) + floor;
        return beta == 1 ? "z=" + difference : "z=\\beta\\,(" + difference + ")";
    }

    /// The score f of an answer y in LaTeX.
    public String latexOfScore() {
        String ratio =
                reference == Reference.FROZEN
                        ? "\\log\\frac{\\pi_\\theta(y_t)}{\\pi_{ref}(y_t)}"
                        : "\\log\\pi_\\theta(y_t)";
        return "f(y)=" + transform.latex(reduce.latex(ratio));
    }
}
