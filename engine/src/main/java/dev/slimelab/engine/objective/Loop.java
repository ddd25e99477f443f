package dev.slimelab.engine.objective;

import dev.slimelab.engine.parameter.Called;
import dev.slimelab.engine.parameter.Parameter;
import dev.slimelab.engine.parameter.Settings;

/// What happens around the optimiser steps.
public sealed interface Loop {
    /// Nothing.
    record None() implements Loop {}

    /// Before each step a shadow copy of the policy takes supervised steps on the batch's chosen
    /// answers; its negative log-likelihood is the value that [Regulariser.ValuePenalty] compares
    /// with. The shadow's weights are thrown away afterwards.
    @Called("Inner SFT steps")
    record InnerSft(
            @Parameter(
                            label = "Inner steps",
                            symbol = "K",
                            help =
                                    "Supervised steps of the shadow copy; each costs about a"
                                            + " training step.",
                            source = "SPO: unknown",
                            initial = "1",
                            min = 1,
                            low = 1,
                            high = 8)
                    int steps,
            @Parameter(
                            label = "Inner learning rate",
                            help = "Of the shadow copy, plain gradient descent.",
                            source = "SPO: unknown",
                            initial = "0.01",
                            above = 0,
                            low = 0.0001,
                            high = 1,
                            scale = Parameter.Scale.LOGARITHMIC)
                    double learningRate)
            implements Loop {
        public InnerSft {
            Settings.require(InnerSft.class, "steps", steps);
            Settings.require(InnerSft.class, "learningRate", learningRate);
        }
    }

    /// Every few steps the reference moves towards the policy: θ_ref ← α · θ + (1 − α) · θ_ref
    /// (TR-DPO, arXiv 2404.09656).
    @Called("Moving reference")
    record ReferenceSync(
            @Parameter(
                            label = "Mixing",
                            symbol = "α",
                            help =
                                    "1 replaces the reference by the policy, less moves it part of"
                                            + " the way.",
                            source = "TR-DPO: 0.6; `ref_model_mixup_alpha` in TRL",
                            initial = "0.6",
                            above = 0,
                            max = 1,
                            low = 0.1,
                            high = 1)
                    double mixing,
            @Parameter(
                            label = "Every",
                            symbol = "τ",
                            unit = "steps",
                            help = "Optimiser steps between two moves.",
                            source = "TR-DPO: 512; `ref_model_sync_steps` in TRL",
                            initial = "512",
                            min = 1,
                            low = 1,
                            high = 1024)
                    int everySteps)
            implements Loop {
        public ReferenceSync {
            Settings.require(ReferenceSync.class, "mixing", mixing);
            Settings.require(ReferenceSync.class, "everySteps", everySteps);
        }
    }
}
