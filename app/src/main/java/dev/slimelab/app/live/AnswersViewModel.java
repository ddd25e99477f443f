package dev.slimelab.app.live;

import dev.slimelab.app.live.Journal.Sample;
import dev.slimelab.engine.spec.RunSpec;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What the model on show writes to fixed prompts, beside what it wrote at first.
public final class AnswersViewModel {
    private final DoubleProperty chosenStep = new SimpleDoubleProperty(Double.NaN);
    private final ReadOnlyObjectWrapper<List<Integer>> steps =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<AnswerChange>> answers =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyStringWrapper instead = new ReadOnlyStringWrapper("");
    private List<Sample> samples = List.of();

    AnswersViewModel() {
        chosenStep.subscribe(_ -> refresh());
    }

    /// The step to look at, or the one before it that has answers; NaN for the latest.
    public DoubleProperty chosenStep() {
        return chosenStep;
    }

    /// The steps that have answers, ascending.
    public ReadOnlyObjectProperty<List<Integer>> steps() {
        return steps.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<List<AnswerChange>> answers() {
        return answers.getReadOnlyProperty();
    }

    /// Why there are no answers, as a sentence; empty where there are.
    public ReadOnlyStringProperty instead() {
        return instead.getReadOnlyProperty();
    }

    void show(@Nullable ShownRun run) {
        List<Sample> next = run == null ? List.of() : run.journal().samples();
        instead.set(run == null || !next.isEmpty() ? "" : reason(run));
        if (!next.equals(samples)) {
            samples = next;
            steps.set(run == null ? List.of() : run.journal().sampleSteps());
            refresh();
        }
    }

    private static String reason(ShownRun run) {
        RunSpec spec = run.entry().spec();
        if (spec != null && spec.evaluation().samplePrompts() == 0) {
            return "This run generates no answers. Set evaluation.samplePrompts in a new run to read"
                    + " what the model writes.";
        }
        return run.entry().phase().isAlive()
                ? "What the model writes can be read here from the first evaluation on."
                : "This run left no answers.";
    }

    private void refresh() {
        int step = StepSlider.at(steps.get(), chosenStep.get());
        List<AnswerChange> next = new ArrayList<>();
        if (step >= 0) {
            List<Sample> first = at(steps.get().getFirst());
            for (Sample now : at(step)) {
                first.stream()
                        .filter(before -> before.prompt().equals(now.prompt()))
                        .findFirst()
                        .ifPresent(before -> next.add(AnswerChange.of(before, now)));
            }
        }
        if (!next.equals(answers.get())) {
            answers.set(next);
        }
    }

    private List<Sample> at(int step) {
        return samples.stream().filter(sample -> sample.step() == step).toList();
    }
}
