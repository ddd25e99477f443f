package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Inquiry;
import dev.slimelab.app.background.Question;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/// What the draft's model is made of. Asked of the engine while somebody looks, once for every
/// model and adapter; of a draft that is no spec yet, the model's folder is asked about.
public final class ModelFactsViewModel {
    /// How far one is.
    sealed interface State {
        /// No model is named.
        record Nothing() implements State {}

        /// The engine is asked.
        ///
        /// @param before what was known of the former model or adapter, shown meanwhile
        record Reading(@Nullable ModelFacts before) implements State {}

        record Known(ModelFacts facts) implements State {}

        record Failed(Problem problem) implements State {}
    }

    private final ComposerViewModel composer;
    private final ComposerFolder folder;
    private final Function<List<String>, Inquiry> engine;
    private final Question question;
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(new State.Nothing());
    private boolean watched;
    private boolean waiting;
    private @Nullable Object asked;

    ModelFactsViewModel(
            ComposerViewModel composer,
            Background background,
            ComposerFolder folder,
            Function<List<String>, Inquiry> engine) {
        this.composer = composer;
        this.folder = folder;
        this.engine = engine;
        this.question = new Question(background);
        composer.draft().subscribe(_ -> follow());
    }

    ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /// Whether somebody looks.
    void watch(boolean now) {
        watched = now;
        follow();
    }

    private void follow() {
        if (!watched || waiting) {
            return;
        }
        RunSpec spec = composer.spec().get();
        String path = composer.draft().get().text("model.path");
        Object about = spec == null ? path : List.of(spec.model(), spec.adapter());
        if (about.equals(asked)) {
            return;
        }
        asked = about;
        if (about.equals("")) {
            question.cancel();
            state.set(new State.Nothing());
            return;
        }
        waiting = true;
        state.set(new State.Reading(known()));
        question.ask(
                "",
                () -> engine.apply(List.of("model", target(spec, path), "--json")),
                answer -> ModelFacts.read(answer.accepted()),
                facts -> take(new State.Known(facts)),
                problem -> take(new State.Failed(problem)));
    }

    private String target(@Nullable RunSpec spec, String path) {
        return spec == null
                ? path
                : folder.question("model", SpecJson.changed(spec, List.of())).toString();
    }

    /// A draft that has changed meanwhile is asked about in turn.
    private void take(State next) {
        state.set(next);
        waiting = false;
        follow();
    }

    private @Nullable ModelFacts known() {
        return switch (state.get()) {
            case State.Known(ModelFacts facts) -> facts;
            case State.Reading(ModelFacts before) -> before;
            case State.Nothing(), State.Failed(_) -> null;
        };
    }

    void close() {
        question.cancel();
    }
}
