package dev.slimelab.app.compare;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.chart.Figure;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.library.RunFacts;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The overlay of the runs on show: what can be chosen, what is, and its figure.
///
/// Figures are computed in the background, one at a time and always for the latest state.
public final class CompareViewModel {
    private record Work(List<ComparedRun> runs, Choice choice) {}

    private final Background background;
    private final Consumer<Problem> failed;
    private final Comparison comparison = new Comparison();
    private final ObservableList<String> metrics = FXCollections.observableArrayList();
    private final ObservableList<String> alongs = FXCollections.observableArrayList();
    private final ObservableList<String> groups = FXCollections.observableArrayList();
    private final ObjectProperty<Choice> choice = new SimpleObjectProperty<>(Choice.FIRST);
    private final ReadOnlyObjectWrapper<List<ComparedRun>> runs =
            new ReadOnlyObjectWrapper<>(List.of());
    private final LineChartViewModel chart;
    private boolean offering;
    private boolean busy;
    private boolean outdated;
    private boolean watched;

    public CompareViewModel(Background background, Consumer<Problem> failed) {
        this.background = background;
        this.failed = failed;
        chart = new LineChartViewModel(new Comparison().figure(List.of(), Choice.FIRST));
        choice.subscribe(
                _ -> {
                    offer();
                    refresh();
                });
    }

    /// What any of the runs on show measured, by name.
    public ObservableList<String> metrics() {
        return metrics;
    }

    /// What the horizontal axis can count: of curves how far the runs are, or another metric; of
    /// scatter any setting or metric.
    public ObservableList<String> alongs() {
        return alongs;
    }

    /// What runs can be grouped by.
    public ObservableList<String> groups() {
        return groups;
    }

    public ObjectProperty<Choice> choice() {
        return choice;
    }

    /// Takes another choice from a control; not while what is on offer changes, when a box may jump
    /// to a neighbour of an entry that is gone.
    public void change(UnaryOperator<Choice> change) {
        if (!offering) {
            choice.set(change.apply(choice.get()));
        }
    }

    /// Whether anyone sees the page; nothing is computed for nobody.
    public void watch(boolean now) {
        watched = now;
        refresh();
    }

    /// Chooses another kind of picture, with something fitting along its axis.
    public void choose(Choice.Form form) {
        Choice now = choice.get();
        if (form == now.form()) {
            return;
        }
        String along =
                form == Choice.Form.SCATTER
                        ? RunFacts.telling(facts()).stream().findFirst().orElse(Groups.OBJECTIVE)
                        : Along.STEP.key();
        choice.set(now.with(form).withAlong(along));
    }

    public LineChartViewModel chart() {
        return chart;
    }

    public ReadOnlyObjectProperty<List<ComparedRun>> runs() {
        return runs.getReadOnlyProperty();
    }

    /// Takes the runs on show with what they have measured so far.
    public void show(List<ComparedRun> next) {
        runs.set(List.copyOf(next));
        offer();
        refresh();
    }

    private List<RunFacts> facts() {
        return runs.get().stream().map(ComparedRun::facts).toList();
    }

    private void offer() {
        offering = true;
        offer(choice.get());
        offering = false;
    }

    private void offer(Choice now) {
        TreeSet<String> measured = new TreeSet<>(List.of(now.metric()));
        runs.get().forEach(run -> measured.addAll(run.metrics().keySet()));
        set(metrics, List.copyOf(measured));
        set(groups, with(Groups.keys(runs.get()), now.group()));
        List<String> places = new ArrayList<>();
        if (now.form() == Choice.Form.SCATTER) {
            places.add(Groups.OBJECTIVE);
            places.addAll(RunFacts.differing(facts()).keySet());
        } else {
            for (Along along : Along.values()) {
                places.add(along.key());
            }
        }
        measured.stream().filter(key -> !places.contains(key)).forEach(places::add);
        set(alongs, with(places, now.along()));
    }

    /// What is chosen stays on offer.
    private static List<String> with(List<String> keys, String chosen) {
        List<String> all = new ArrayList<>(keys);
        if (!all.contains(chosen)) {
            all.add(chosen);
        }
        return all;
    }

    /// One by one: a box whose items are all replaced forgets what was chosen in it.
    private static void set(ObservableList<String> list, List<String> next) {
        list.retainAll(next);
        for (int i = 0; i < next.size(); i++) {
            String key = next.get(i);
            if (i >= list.size() || !list.get(i).equals(key)) {
                list.remove(key);
                list.add(i, key);
            }
        }
    }

    private void refresh() {
        if (busy || !watched) {
            outdated = true;
            return;
        }
        busy = true;
        outdated = false;
        Work work = new Work(runs.get(), choice.get());
        background.run(
                "",
                () -> comparison.figure(work.runs(), work.choice()),
                this::take,
                problem -> {
                    busy = false;
                    failed.accept(problem);
                });
    }

    private void take(Figure figure) {
        busy = false;
        chart.show(figure);
        if (outdated) {
            refresh();
        }
    }
}
