package dev.slimelab.engine.train;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.Pass;
import dev.slimelab.engine.model.PassOptions;
import dev.slimelab.engine.objective.PairLogps;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Log-probs of the reference, which is the policy before training.
public sealed interface ReferenceLogps {
    /// The reference's log-probs of these examples; null where the objective has no reference.
    @Nullable PairLogps of(List<Example> examples);

    /// θ_ref becomes share · θ + (1 − share) · θ_ref.
    ///
    /// @throws IllegalStateException where the reference has no weights of its own
    default void moveTowards(LanguageModel policy, double share) {
        throw new IllegalStateException("The reference has no weights of its own");
    }

    /// The same on the device of `policy`; a model of its own is to be closed.
    ///
    /// @param policy the policy there
    default ReferenceLogps on(LanguageModel policy) {
        return this;
    }

    /// Sends what [#moveTowards] has moved to the same reference on another device.
    default void scatter(ReferenceLogps other) {}

    /// No reference is loaded or run.
    record None() implements ReferenceLogps {
        @Override
        public @Nullable PairLogps of(List<Example> examples) {
            return null;
        }
    }

    /// The policy with its adapter switched off, run when asked.
    record AdapterDisabled(LanguageModel policy) implements ReferenceLogps {
        @Override
        public PairLogps of(List<Example> examples) {
            return Passes.logps(policy, examples, PassOptions.reference());
        }

        @Override
        public ReferenceLogps on(LanguageModel there) {
            return new AdapterDisabled(there);
        }
    }

    /// A model of its own, run when asked. What is trained exists twice.
    record Copy(LanguageModel model) implements ReferenceLogps {
        @Override
        public PairLogps of(List<Example> examples) {
            return Passes.logps(model, examples, PassOptions.evaluation());
        }

        @Override
        public void moveTowards(LanguageModel policy, double share) {
            model.moveTowards(policy, share);
        }

        @Override
        public ReferenceLogps on(LanguageModel policy) {
            return new Copy(model.on(policy.torch()));
        }

        @Override
        public void scatter(ReferenceLogps other) {
            if (other instanceof Copy copy) {
                model.scatter(copy.model);
            }
        }
    }

    /// Computed before the first step, or by an earlier run.
    ///
    /// @param byExample log-probs `(completion, token)` by [Example#index]
    record Precomputed(Map<Integer, double[][]> byExample) implements ReferenceLogps {
        /// @param options of the policy that has not been trained yet
        static Precomputed compute(
                LanguageModel policy, PassOptions options, List<Example> examples) {
            Map<Integer, double[][]> byExample = new TreeMap<>();
            for (List<Example> part : Passes.parts(examples, ObjectiveInputs.ROWS_PER_PASS)) {
                try (Pass pass = policy.forward(Passes.rows(part), options)) {
                    double[][][] logps = pass.logps();
                    for (int i = 0; i < part.size(); i++) {
                        byExample.put(part.get(i).index(), logps[i]);
                    }
                }
            }
            return new Precomputed(byExample);
        }

        double[][] byExample(Example example) {
            return requireNonNull(
                    byExample.get(example.index()), "Nothing was computed for this row");
        }

        @Override
        public PairLogps of(List<Example> examples) {
            return Passes.pairs(examples.stream().map(this::byExample).toArray(double[][][]::new));
        }
    }
}
