package dev.slimelab.app.live;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.live.ProbePicture.Quantity;
import dev.slimelab.app.live.TokenFiles.Facts;
import dev.slimelab.app.live.TokenFiles.Pair;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.run.RunDirectory;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A probe pair of the run on show, token by token, at any step that was measured.
///
/// Files are read in the background when their step is looked at, and a few dozen are kept.
public final class TokensViewModel {
    private static final int KEPT = 64;

    private final Background background;
    private final DoubleProperty chosenStep = new SimpleDoubleProperty(Double.NaN);
    private final IntegerProperty pair = new SimpleIntegerProperty(0);
    private final ReadOnlyIntegerWrapper pairs = new ReadOnlyIntegerWrapper(0);
    private final ObjectProperty<Quantity> quantity = new SimpleObjectProperty<>(Quantity.LOGP);
    private final ReadOnlyObjectWrapper<List<Quantity>> quantities =
            new ReadOnlyObjectWrapper<>(List.of(Quantity.LOGP, Quantity.CHANGE));
    private final ReadOnlyObjectWrapper<List<Integer>> steps =
            new ReadOnlyObjectWrapper<>(List.of());
    private final ReadOnlyObjectWrapper<@Nullable ProbePicture> picture =
            new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper instead = new ReadOnlyStringWrapper("");
    private final Map<Integer, Facts> known =
            new LinkedHashMap<>(KEPT, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Facts> eldest) {
                    return size() > KEPT;
                }
            };
    private List<Pair> texts = List.of();
    private @Nullable RunDirectory run;
    private boolean looked;
    private boolean reading;

    public TokensViewModel(Background background) {
        this.background = background;
        chosenStep.subscribe(_ -> refresh());
        pair.subscribe(_ -> refresh());
        quantity.subscribe(_ -> refresh());
    }

    /// The step to look at, or the one measured last before it; NaN for the latest.
    public DoubleProperty chosenStep() {
        return chosenStep;
    }

    /// The steps that can be looked at, ascending.
    public ReadOnlyObjectProperty<List<Integer>> steps() {
        return steps.getReadOnlyProperty();
    }

    /// The pair on show, from 0.
    public IntegerProperty pair() {
        return pair;
    }

    /// How many pairs there are.
    public ReadOnlyIntegerProperty pairs() {
        return pairs.getReadOnlyProperty();
    }

    /// Shows the next pair, or the one before it.
    public void turn(int by) {
        pair.set(Math.clamp(pair.get() + by, 0, Math.max(0, pairs.get() - 1)));
    }

    ObjectProperty<Quantity> quantity() {
        return quantity;
    }

    ReadOnlyObjectProperty<List<Quantity>> quantities() {
        return quantities.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable ProbePicture> picture() {
        return picture.getReadOnlyProperty();
    }

    /// Why there is no picture, as a sentence; empty where there is one.
    public ReadOnlyStringProperty instead() {
        return instead.getReadOnlyProperty();
    }

    /// Nothing is read before someone looks.
    public void look(boolean looking) {
        looked = looking;
        refresh();
    }

    void show(@Nullable ShownRun shown) {
        RunDirectory next = shown == null ? null : shown.entry().directory();
        List<Integer> measured = shown == null ? List.of() : shown.journal().tokenSteps();
        boolean other = !Objects.equals(next, run);
        if (other) {
            run = next;
            texts = List.of();
            picture.set(null);
        }
        // A run that was resumed from an earlier checkpoint measures its last steps again.
        if (other || !measured.containsAll(steps.get())) {
            known.clear();
        }
        boolean over = shown != null && !shown.entry().phase().isAlive();
        if (measured.isEmpty()) {
            picture.set(null);
            instead.set(
                    over
                            ? "This run kept no facts of single tokens."
                            : "Single tokens can be looked at here from the first evaluation on.");
        }
        if (!measured.equals(steps.get())) {
            steps.set(measured);
        }
        refresh();
    }

    private void refresh() {
        RunDirectory now = run;
        int step = StepSlider.at(steps.get(), chosenStep.get());
        if (!looked || now == null || step < 0) {
            return;
        }
        int first = steps.get().getFirst();
        Facts facts = known.get(step);
        Facts start = known.get(first);
        if (facts == null || start == null || texts.isEmpty()) {
            read(now, facts == null ? step : first);
            return;
        }
        pairs.set(Math.min(texts.size(), facts.logps().chosen().size()));
        if (pair.get() >= pairs.get()) {
            pair.set(0);
        }
        List<Quantity> offered = Quantity.of(facts);
        if (!offered.equals(quantities.get())) {
            quantities.set(offered);
        }
        if (!offered.contains(quantity.get())) {
            quantity.set(Quantity.LOGP);
        }
        instead.set("");
        ProbePicture next =
                ProbePicture.of(
                        texts, pair.get(), facts, first == 0 ? start : null, quantity.get());
        if (!next.equals(picture.get())) {
            picture.set(next);
        }
    }

    /// What one reading brings; a file that has gone is no news.
    private record Found(List<Pair> texts, Optional<Facts> facts) {}

    private void read(RunDirectory from, int step) {
        if (reading) {
            return; // what is read comes back here first
        }
        reading = true;
        if (picture.get() == null) {
            instead.set("Reading the tokens of step " + step + "…");
        }
        background.run(
                "Reading tokens",
                () ->
                        new Found(
                                TokenFiles.pairs(from),
                                Optional.ofNullable(TokenFiles.facts(from, step))),
                found -> take(from, found),
                this::fail);
    }

    private void take(RunDirectory from, Found found) {
        reading = false;
        if (!from.equals(run)) {
            refresh();
        } else if (!found.texts().isEmpty() && found.facts().isPresent()) {
            texts = found.texts();
            known.put(found.facts().get().step(), found.facts().get());
            refresh();
        }
    }

    private void fail(Problem problem) {
        reading = false;
        picture.set(null);
        instead.set(problem.what() + " " + problem.remedy());
    }
}
