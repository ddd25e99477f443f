package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Inquiry;
import dev.slimelab.app.background.Question;
import dev.slimelab.app.compose.ComposerTools.Run;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.PairScores;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableBooleanValue;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The real pairs behind the loss microscope: measured with the draft's model and data, or recorded
/// by a run.
public final class EvidenceViewModel {
    /// How far one is.
    sealed interface State {
        /// Whether it was measured before is being looked up.
        record Looking() implements State {}

        record NotMeasured() implements State {}

        record Measuring() implements State {}

        record Measured(Evidence evidence) implements State {}

        record Failed(Problem problem) implements State {}
    }

    static final int PAIRS = 64;

    private final ComposerViewModel composer;
    private final Background background;
    private final ComposerFolder folder;
    private final Function<List<String>, Inquiry> engine;
    private final Question question;
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(new State.NotMeasured());
    private final ReadOnlyObjectWrapper<List<Run>> runs = new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable Run> source = new ReadOnlyObjectWrapper<>();
    private final BooleanBinding incomplete;
    private @Nullable Identity identity;

    /// @param engine asks the engine a question
    EvidenceViewModel(
            ComposerViewModel composer,
            Background background,
            ComposerFolder folder,
            Function<List<String>, Inquiry> engine) {
        this.composer = composer;
        this.background = background;
        this.folder = folder;
        this.engine = engine;
        this.question = new Question(background);
        incomplete = composer.spec().isNull();
        composer.spec().subscribe(this::follow);
    }

    ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /// What is known; null where nothing is.
    @Nullable Evidence evidence() {
        return state.get() instanceof State.Measured(Evidence evidence) ? evidence : null;
    }

    /// Runs to choose from.
    ReadOnlyObjectProperty<List<Run>> runs() {
        return runs.getReadOnlyProperty();
    }

    void offer(List<Run> recorded) {
        if (!recorded.equals(runs.get())) {
            runs.set(List.copyOf(recorded));
        }
    }

    /// The run whose record is shown; null for the draft's own model and data.
    ReadOnlyObjectProperty<@Nullable Run> source() {
        return source.getReadOnlyProperty();
    }

    void choose(@Nullable Run run) {
        if (run == null ? source.get() == null : run.equals(source.get())) {
            return;
        }
        source.set(run);
        question.cancel();
        if (run == null) {
            identity = null;
            state.set(new State.NotMeasured());
            follow(composer.spec().get());
            return;
        }
        state.set(new State.Looking());
        background.run(
                "",
                () -> Optional.ofNullable(Evidence.recorded(run.name(), run.directory())),
                found -> show(run, found.orElse(null)),
                problem -> show(run, problem));
    }

    private void show(Run run, @Nullable Evidence found) {
        if (run.equals(source.get())) {
            state.set(
                    found == null
                            ? new State.Failed(
                                    Problem.badRequest(
                                            run.name() + " has not recorded any tokens.",
                                            "Set evaluation.probePairs before a run, or measure."))
                            : new State.Measured(found));
        }
    }

    private void show(Run run, Problem problem) {
        if (run.equals(source.get())) {
            state.set(new State.Failed(problem));
        }
    }

    /// Another model or other data has other log-probs; another objective has not.
    private void follow(@Nullable RunSpec spec) {
        if (spec == null || source.get() != null) {
            return;
        }
        Identity now = Identity.of(resolved(spec));
        if (now.equals(identity)) {
            return;
        }
        identity = now;
        question.cancel();
        state.set(new State.Looking());
        background.run(
                "",
                () -> Optional.ofNullable(folder.scores(now)),
                found -> {
                    if (now.equals(identity) && state.get() instanceof State.Looking) {
                        state.set(
                                found.<State>map(
                                                scores ->
                                                        new State.Measured(
                                                                Evidence.measured(scores)))
                                        .orElseGet(State.NotMeasured::new));
                    }
                },
                problem -> state.set(new State.Failed(problem)));
    }

    /// With paths that hold from anywhere.
    private static RunSpec resolved(RunSpec spec) {
        return SpecJson.changed(spec, List.of());
    }

    /// Whether the draft is no spec yet, so that nothing can be measured with it.
    ObservableBooleanValue incomplete() {
        return incomplete;
    }

    /// Lets the engine read some pairs with the draft's model.
    void measure() {
        RunSpec spec = composer.spec().get();
        if (spec == null || source.get() != null) {
            return;
        }
        RunSpec asked = resolved(spec);
        Identity measured = Identity.of(asked);
        identity = measured;
        state.set(new State.Measuring());
        question.ask(
                "",
                () ->
                        engine.apply(
                                List.of(
                                        "score",
                                        folder.question("score", asked).toString(),
                                        "--pairs",
                                        Integer.toString(PAIRS),
                                        "--json")),
                answer -> {
                    PairScores scores = PairScores.read(answer.accepted());
                    folder.keep(measured, scores);
                    return scores;
                },
                scores -> state.set(new State.Measured(Evidence.measured(scores))),
                problem -> state.set(new State.Failed(problem)));
    }

    void cancel() {
        question.cancel();
        if (state.get() instanceof State.Measuring) {
            state.set(new State.NotMeasured());
        }
    }
}
