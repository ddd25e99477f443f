package dev.slimelab.app.live;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Question;
import dev.slimelab.app.library.RunEntry;
import dev.slimelab.app.library.RunEntry.Origin;
import dev.slimelab.app.library.RunPhase;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.Control;
import dev.slimelab.engine.run.Control.Edit;
import dev.slimelab.engine.run.Control.Request;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecJson;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// Changes a run under way, or makes another one of it, and tells what happened to it so far.
///
/// Every command becomes a file in the run's `control/` or a `slimelab fork`; what came of it is
/// read from the run again.
public final class ModifyViewModel {
    private final Background background;
    private final Question fork;
    private final EngineProcess engines;
    private final Consumer<Path> forked;
    private final ReadOnlyObjectWrapper<List<LiveNumber>> numbers =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<Integer>> checkpoints =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<List<RunEvent>> history =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyBooleanWrapper forking = new ReadOnlyBooleanWrapper(false);
    private final ReadOnlyStringWrapper state = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private final ObjectProperty<@Nullable Integer> forkStep = new SimpleObjectProperty<>();
    private @Nullable RunEntry run;

    /// @param forked is told where a new run is
    public ModifyViewModel(Background background, EngineProcess engines, Consumer<Path> forked) {
        this.background = background;
        this.fork = new Question(background);
        this.engines = engines;
        this.forked = forked;
    }

    /// What can be changed while the run goes on, as it holds.
    ReadOnlyObjectProperty<List<LiveNumber>> numbers() {
        return numbers.getReadOnlyProperty();
    }

    /// The steps that can be forked from, ascending.
    public ReadOnlyObjectProperty<List<Integer>> checkpoints() {
        return checkpoints.getReadOnlyProperty();
    }

    /// What happened to the run, latest first.
    public ReadOnlyObjectProperty<List<RunEvent>> history() {
        return history.getReadOnlyProperty();
    }

    /// Whether an engine is there to take edits.
    public ReadOnlyBooleanProperty running() {
        return running.getReadOnlyProperty();
    }

    /// Whether a fork is being made.
    public ReadOnlyBooleanProperty forking() {
        return forking.getReadOnlyProperty();
    }

    /// What edits would do, or why there can be none.
    public ReadOnlyStringProperty state() {
        return state.getReadOnlyProperty();
    }

    /// What went wrong with the last command; null where nothing did.
    public ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    /// The checkpoint to fork from; null for the latest.
    public ObjectProperty<@Nullable Integer> forkStep() {
        return forkStep;
    }

    void show(@Nullable ShownRun shown) {
        RunEntry next = shown == null ? null : shown.entry();
        RunEntry before = run;
        if (next == null || before == null || !next.id().equals(before.id())) {
            problem.set(null);
            forkStep.set(null);
        }
        run = next;
        RunSpec spec = next == null ? null : next.spec();
        Journal journal = shown == null ? Journal.EMPTY : shown.journal();
        set(numbers, spec == null ? List.of() : LiveNumber.of(spec, journal.events()));
        set(checkpoints, journal.checkpoints());
        set(history, journal.events().reversed());
        running.set(
                next != null
                        && next.origin() == Origin.OWN
                        && (next.phase() == RunPhase.TRAINING
                                || next.phase() == RunPhase.EVALUATING
                                || next.phase() == RunPhase.PAUSED));
        state.set(sentence(next));
    }

    private static <T> void set(ReadOnlyObjectWrapper<List<T>> property, List<T> next) {
        if (!next.equals(property.get())) {
            property.set(next);
        }
    }

    private static String sentence(@Nullable RunEntry run) {
        if (run == null) {
            return "";
        }
        if (run.origin() == Origin.SAMPLE) {
            return "This run came with SlimeLab and is over.";
        }
        return switch (run.phase()) {
            case TRAINING, EVALUATING ->
                    "A change holds from the next step on, and is marked on the charts.";
            case PAUSED -> "A change holds from the step after the pause, and is marked.";
            case STARTING, QUEUED, PREPARING ->
                    "These numbers can be changed once the first step has begun.";
            case NOT_STARTED, FINISHED, STOPPED, FAILED, LOST ->
                    "No engine is at work on this run. A fork goes on from a checkpoint with other"
                            + " numbers.";
        };
    }

    /// Asks the engine for another number.
    ///
    /// @param text as a person types it
    void edit(LiveNumber number, String text) {
        RunEntry to = run;
        RunSpec spec = to == null ? null : to.spec();
        if (to == null || spec == null || !running.get()) {
            return;
        }
        ask(
                "Changing " + number.path(),
                () -> {
                    double value = parse(number, text);
                    SpecJson.withNumber(spec, number.path(), value); // refuses what cannot be
                    control(to)
                            .ask(new Edit(number.path(), value, System.getProperty("user.name")));
                });
    }

    private static double parse(LiveNumber number, String text) {
        try {
            return Double.parseDouble(text.strip().replace('−', '-').replace(',', '.'));
        } catch (NumberFormatException e) {
            throw Problem.badRequest(
                    number.path() + " is to be \"" + text + "\", which is no number.",
                    "Write it as 0.2 or 1e-6.",
                    e);
        }
    }

    /// Asks the engine to save its state after the step in progress.
    public void checkpoint() {
        RunEntry to = run;
        if (to != null && running.get()) {
            ask(
                    "Asking " + to.name() + " for a checkpoint",
                    () -> control(to).ask(Request.CHECKPOINT));
        }
    }

    /// The checkpoint that would be forked from; null where there is none.
    public @Nullable Integer forkedFrom() {
        Integer wanted = forkStep.get();
        List<Integer> known = checkpoints.get();
        return wanted != null && known.contains(wanted)
                ? wanted
                : known.isEmpty() ? null : known.getLast();
    }

    /// Makes a new run from a checkpoint and starts it.
    ///
    /// @param changes `path=value`
    public void fork(List<String> changes) {
        RunEntry parent = run;
        Integer step = forkedFrom();
        if (parent == null || step == null || forking.get()) {
            return;
        }
        forking.set(true);
        problem.set(null);
        List<String> declared = List.copyOf(changes);
        fork.ask(
                "Forking " + parent.name() + " at step " + step,
                () -> engines.fork(parent.directory(), step, declared),
                answer -> engines.begin(answer).path(),
                path -> {
                    forking.set(false);
                    forked.accept(path);
                },
                refused -> {
                    forking.set(false);
                    refuse(parent.id(), refused);
                });
    }

    private static Control control(RunEntry run) {
        return new Control(run.directory().control());
    }

    private void ask(String what, Runnable work) {
        problem.set(null);
        Path about = Objects.requireNonNull(run).id();
        background.run(
                what,
                () -> {
                    work.run();
                    return about;
                },
                _ -> {},
                refused -> refuse(about, refused));
    }

    /// Tells it where the run that it is about is still on show.
    private void refuse(Path about, Problem refused) {
        RunEntry now = run;
        if (now != null && now.id().equals(about)) {
            problem.set(refused);
        }
    }
}
