package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Inquiry;
import dev.slimelab.app.background.Question;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableBooleanValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The memory and time of the draft and of what it was before: an engine takes a few of its steps.
final class EstimateViewModel {
    /// Enough to see what a setting costs beside its alternatives.
    private static final int KEPT = 3;

    /// What was measured of a draft.
    ///
    /// @param otherwise what that draft had and the present one has not; empty where they are equal
    record Measured(Estimate estimate, List<Setting> otherwise) {}

    /// A setting of a spec and its value, as text.
    record Setting(String path, String value) {}

    private record Kept(RunSpec spec, Estimate estimate) {}

    private final ComposerViewModel composer;
    private final ComposerFolder folder;
    private final Function<List<String>, Inquiry> engine;
    private final Question question;
    private final List<Kept> kept = new ArrayList<>();
    private final ReadOnlyObjectWrapper<List<Measured>> measured =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyBooleanWrapper measuring = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ObservableBooleanValue incomplete;

    EstimateViewModel(
            ComposerViewModel composer,
            Background background,
            ComposerFolder folder,
            Function<List<String>, Inquiry> engine) {
        this.composer = composer;
        this.folder = folder;
        this.engine = engine;
        this.question = new Question(background);
        this.incomplete = composer.spec().isNull();
        composer.draft().subscribe(_ -> compare());
    }

    /// The present draft's first, where it was measured; then what it was before.
    ReadOnlyObjectProperty<List<Measured>> measured() {
        return measured.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty measuring() {
        return measuring.getReadOnlyProperty();
    }

    /// Why the last draft could not be measured.
    ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    /// Whether the draft is no spec yet, so that nothing can be measured.
    ObservableBooleanValue incomplete() {
        return incomplete;
    }

    void measure() {
        RunSpec spec = composer.spec().get();
        if (spec == null) {
            return;
        }
        measuring.set(true);
        problem.set(null);
        question.ask(
                "Taking a few steps of " + spec.name(),
                () -> {
                    RunSpec asked = SpecJson.changed(spec, List.of());
                    String file = folder.question("estimate", asked).toString();
                    return engine.apply(List.of("estimate", file, "--json"));
                },
                answer -> Estimate.read(answer.accepted()),
                estimate -> {
                    keep(new Kept(spec, estimate));
                    measuring.set(false);
                },
                refused -> {
                    problem.set(refused);
                    measuring.set(false);
                });
    }

    void cancel() {
        question.cancel();
        measuring.set(false);
    }

    private void keep(Kept latest) {
        kept.removeIf(earlier -> earlier.spec.equals(latest.spec));
        kept.addFirst(latest);
        if (kept.size() > KEPT) {
            kept.removeLast();
        }
        compare();
    }

    private void compare() {
        List<Measured> now = new ArrayList<>();
        for (Kept each : kept) {
            List<Setting> otherwise =
                    DifferencesViewModel.between(
                                    composer.draft().get().tree(), SpecJson.toTree(each.spec))
                            .stream()
                            .map(difference -> new Setting(difference.path(), difference.there()))
                            .toList();
            var entry = new Measured(each.estimate, otherwise);
            if (otherwise.isEmpty()) {
                now.addFirst(entry);
            } else {
                now.add(entry);
            }
        }
        measured.set(List.copyOf(now));
    }
}
