package dev.slimelab.engine.train;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// The spec as it holds for the next step: the frozen request with every edit made so far.
///
/// Edits are never saved with a state. `events.jsonl` has them, with their steps, and a run that is
/// continued makes them again where they were made.
final class LiveSpec {
    /// An edit that was made.
    ///
    /// @param step optimiser steps done before it
    record Made(int step, Control.Edit edit) {}

    private static final String LEARNING_RATE = "optimization.learningRate";
    private static final String OBJECTIVE = "objective.";

    private final Deque<Made> ahead;
    private RunSpec spec;

    /// @param made in an earlier life of the run, in any order of steps
    LiveSpec(RunSpec frozen, List<Made> made) {
        spec = frozen;
        ahead =
                new ArrayDeque<>(
                        made.stream().sorted(Comparator.comparingInt(Made::step)).toList());
    }

    RunSpec current() {
        return spec;
    }

    /// Makes the edits again that were made before the step after `step` steps. Steps only go up.
    void advance(int step) {
        while (!ahead.isEmpty() && ahead.element().step() <= step) {
            make(ahead.remove().edit());
        }
    }

    /// Changes one number from the next step on.
    ///
    /// @return the number before
    /// @throws Problem bad request: where the setting is not one that can change during a run, or
    ///   not to that number
    double make(Control.Edit edit) {
        if (!edit.path().equals(LEARNING_RATE) && !edit.path().startsWith(OBJECTIVE)) {
            throw Problem.badRequest(
                    edit.path() + " cannot change while a run goes on.",
                    "Edit optimization.learningRate or a number of the objective, or fork the run.");
        }
        double before = SpecJson.number(spec, edit.path());
        spec = SpecJson.withNumber(spec, edit.path(), edit.value());
        return before;
    }
}
