package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// What the score difference must exceed before a contrast is content; it carries no gradient.
public sealed interface Margin {
    /// In the unit of the score.
    double value();

    /// No margin.
    record Zero() implements Margin {
        @Override
        public double value() {
            return 0;
        }
    }

    /// SimPO's target margin, as the ratio γ/β that its authors tune. Libraries that take
    /// `simpo_gamma` divide it by β.
    record Constant(
            @Parameter(
                            label = "Target margin",
                            symbol = "γ/β",
                            unit = "score",
                            help =
                                    "The score difference at which the sigmoid is at its middle; γ ="
                                            + " β × this.",
                            source = "SimPO (arXiv 2405.14734), tuned as gamma_beta_ratio",
                            initial = "0.5",
                            min = 0,
                            low = 0,
                            high = 2)
                    double gammaOverBeta)
            implements Margin {
        public Constant {
            Settings.require(Constant.class, "gammaOverBeta", gammaOverBeta);
        }

        @Override
        public double value() {
            return gammaOverBeta;
        }
    }
}
