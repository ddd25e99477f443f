package dev.slimelab.engine.objective;

import org.jspecify.annotations.Nullable;

/// Puts an [Objective] together slot by slot. What is not set is as a spec without it: mean scores,
/// no reference, β = 1, no margin and no term.
public final class Composition {
    private Reduce reduce = new Reduce.Mean();
    private Reference reference = Reference.NONE;
    private Transform transform = new Transform.Identity();
    private double beta = 1;
    private Margin margin = new Margin.Zero();
    private @Nullable Contrast contrast;
    private @Nullable Unary unary;
    private @Nullable Anchor anchor;
    private @Nullable Stabiliser stabiliser;
    private @Nullable Regulariser regulariser;
    private PairWeight pairWeight = new PairWeight.Equal();
    private Loop loop = new Loop.None();
    private double scale = 1;

    /// Scores measured as log-ratios to a frozen reference, reduced by `reduce`.
    public static Composition ofRatios(Reduce reduce) {
        return ofLogps(reduce).reference(Reference.FROZEN);
    }

    /// Scores that are the policy's log-probs, reduced by `reduce`.
    public static Composition ofLogps(Reduce reduce) {
        return new Composition().reduce(reduce);
    }

    /// Starts from an objective.
    public static Composition of(Objective objective) {
        Composition composition = new Composition();
        composition.reduce = objective.reduce();
        composition.reference = objective.reference();
        composition.transform = objective.transform();
        composition.beta = objective.beta();
        composition.margin = objective.margin();
        composition.contrast = objective.contrast();
        composition.unary = objective.unary();
        composition.anchor = objective.anchor();
        composition.stabiliser = objective.stabiliser();
        composition.regulariser = objective.regulariser();
        composition.pairWeight = objective.pairWeight();
        composition.loop = objective.loop();
        composition.scale = objective.scale();
        return composition;
    }

    public Composition reduce(Reduce part) {
        this.reduce = part;
        return this;
    }

    public Composition reference(Reference part) {
        this.reference = part;
        return this;
    }

    public Composition transform(Transform part) {
        this.transform = part;
        return this;
    }

    public Composition beta(double factor) {
        this.beta = factor;
        return this;
    }

    public Composition margin(Margin part) {
        this.margin = part;
        return this;
    }

    public Composition contrast(@Nullable Contrast part) {
        this.contrast = part;
        return this;
    }

    public Composition unary(@Nullable Unary part) {
        this.unary = part;
        return this;
    }

    public Composition anchor(@Nullable Anchor part) {
        this.anchor = part;
        return this;
    }

    public Composition stabiliser(@Nullable Stabiliser part) {
        this.stabiliser = part;
        return this;
    }

    public Composition regulariser(@Nullable Regulariser part) {
        this.regulariser = part;
        return this;
    }

    public Composition pairWeight(PairWeight part) {
        this.pairWeight = part;
        return this;
    }

    public Composition loop(Loop part) {
        this.loop = part;
        return this;
    }

    /// The objective.
    ///
    /// @throws dev.slimelab.engine.problem.Problem where the parts do not fit together
    public Objective build() {
        return new Objective(
                reduce,
                reference,
                transform,
                beta,
                margin,
                contrast,
                unary,
                anchor,
                stabiliser,
                regulariser,
                pairWeight,
                loop,
                scale);
    }
}
