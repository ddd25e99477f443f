package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// Holds the whole policy back, where anchor and stabiliser hold single answers and tokens.
public sealed interface Regulariser {
    double weight();

    /// The weighted term in LaTeX.
    String latex();

    /// SPO's bilevel constraint as a penalty: λ · φ(G − G* − ε), where G is the negative
    /// log-likelihood of the chosen answers and G* the value it could have (arXiv 2507.07723;
    /// rebuilt from its abstract, the form of φ is ours).
    ///
    /// A linear φ has exactly the gradient of an NLL anchor of the same weight.
    record ValuePenalty(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "How strongly a violation of the constraint is punished.",
                            source = "SPO: unknown",
                            initial = "1",
                            min = 0,
                            low = 0,
                            high = 10)
                    double weight,
            @Parameter(
                            label = "Shape",
                            symbol = "φ",
                            help = "How the violation becomes a loss.",
                            source = "SPO: unknown",
                            initial = "hinge")
                    Shape shape,
            @Parameter(
                            label = "Best value",
                            symbol = "G*",
                            help = "What the negative log-likelihood is compared with.",
                            source = "SPO: the optimum of the lower level",
                            initial = "frozen-reference")
                    Best best,
            @Parameter(
                            label = "Slack",
                            symbol = "ε",
                            unit = "as the average",
                            help = "A violation that is tolerated.",
                            source = "SPO: unknown",
                            initial = "0",
                            min = 0,
                            low = 0,
                            high = 1)
                    double slack,
            @Parameter(
                            label = "Average",
                            help = "Over what the negative log-likelihood is averaged.",
                            source = "SPO: unknown",
                            initial = "sequence-mean")
                    Anchor.Nll.Average average,
            @Parameter(
                            label = "Constraint on",
                            help = "Whether every pair must meet the constraint, or the batch.",
                            source = "SPO: the expectation, which is batch",
                            initial = "batch")
                    Scope scope)
            implements Regulariser {
        /// φ.
        public enum Shape {
            LINEAR,
            HINGE,
            SQUARED_HINGE
        }

        /// Who must meet the constraint.
        public enum Scope {
            BATCH,
            PAIR
        }

        /// G*.
        public sealed interface Best {
            /// The negative log-likelihood of the same answers under the frozen reference.
            record FrozenReference() implements Best {}

            /// A fixed value, for example the best validation loss of supervised fine-tuning.
            record Constant(
                    @Parameter(
                                    label = "Value",
                                    symbol = "G*",
                                    unit = "as the average",
                                    help = "The negative log-likelihood to hold.",
                                    initial = "1",
                                    min = 0,
                                    low = 0,
                                    high = 4)
                            double value)
                    implements Best {
                public Constant {
                    Settings.require(Constant.class, "value", value);
                }
            }

            /// The negative log-likelihood after the supervised steps of [Loop.InnerSft] on a
            /// shadow copy.
            record InnerSteps() implements Best {}
        }

        public ValuePenalty {
            Settings.require(ValuePenalty.class, "weight", weight);
            Settings.require(ValuePenalty.class, "slack", slack);
        }

        /// The weighted penalty of a negative log-likelihood that is `excess` above G*.
        Slope at(double excess) {
            double violation = excess - slack;
            Slope penalty =
                    switch (shape) {
                        case LINEAR -> new Slope(violation, 1);
                        case HINGE -> Slope.hinge(violation);
                        case SQUARED_HINGE -> Slope.square(Math.max(0, violation));
                    };
            return penalty.times(weight);
        }

        @Override
        public String latex() {
            String violation = "G-G^*" + (slack == 0 ? "" : "-\\varepsilon");
            return "\\lambda\\,"
                    + switch (shape) {
                        case LINEAR -> "(" + violation + ")";
                        case HINGE -> "\\max(0,\\," + violation + ")";
                        case SQUARED_HINGE -> "\\max(0,\\," + violation + ")^2";
                    };
        }
    }

    /// Distance from the reference on the tokens of the given answers. On answers that the policy
    /// did not draw itself this is a proxy of the KL divergence, not an estimate.
    @Called("KL to the reference")
    record KlToReference(
            @Parameter(
                            label = "Weight",
                            symbol = "λ",
                            help = "How strongly the policy is held at the reference.",
                            initial = "0.1",
                            min = 0,
                            low = 0,
                            high = 2)
                    double weight,
            @Parameter(
                            label = "Estimator",
                            help = "What a token's log-ratio h adds.",
                            source = "Schulman, Approximating KL divergence (2020)",
                            initial = "k3")
                    Estimator estimator)
            implements Regulariser {
        /// Terms whose mean over a policy's own samples is its KL divergence from the reference.
        public enum Estimator {
            /// h
            @Called("k1: h")
            K1,
            /// ½h²
            @Called("k2: ½h²")
            K2,
            /// e^−h − 1 + h: never negative
            @Called("k3: e^−h − 1 + h")
            K3
        }

        public KlToReference {
            Settings.require(KlToReference.class, "weight", weight);
        }

        /// The weighted term of one token.
        Slope at(double logRatio) {
            Slope term =
                    switch (estimator) {
                        case K1 -> new Slope(logRatio, 1);
                        case K2 -> Slope.square(logRatio).times(0.5);
                        case K3 -> {
                            Slope e = Numerics.exp(-logRatio);
                            yield new Slope(e.value() - 1 + logRatio, 1 - e.derivative());
                        }
                    };
            return term.times(weight);
        }

        @Override
        public String latex() {
            return "\\lambda\\,\\mathrm{mean}_t\\,"
                    + switch (estimator) {
                        case K1 -> "h_t";
                        case K2 -> "\\tfrac12h_t^2";
                        case K3 -> "(e^{-h_t}-1+h_t)";
                    };
        }
    }
}
