package dev.slimelab.app.library;

import dev.slimelab.app.look.Hue;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The list of runs: what it holds, what is filtered out, and which runs are on the charts.
///
/// A click shows a run alone; its dot adds it to the charts or takes it off. A run keeps its hue as
/// long as the window is open. The runs of a grid are folded away below its name until it is
/// opened, one of them is chosen, or the filter looks for them.
public final class RunListViewModel {
    private final ObservableList<ListRow> rows = FXCollections.observableArrayList();
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable Path> selected = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Path> current = new SimpleObjectProperty<>();
    private final Set<Path> open = new HashSet<>();
    private final ReadOnlyObjectWrapper<Set<Path>> shown = new ReadOnlyObjectWrapper<>(Set.of());
    private final ReadOnlyBooleanWrapper loaded = new ReadOnlyBooleanWrapper(false);
    private final Map<Path, Hue> hues = new HashMap<>();
    private List<RunEntry> entries = List.of();
    private boolean every;

    public RunListViewModel() {
        filter.subscribe(_ -> refresh());
        shown.subscribe(_ -> refresh());
        selected.subscribe(current::set);
    }

    /// What the list shows, from the top.
    public ObservableList<ListRow> rows() {
        return rows;
    }

    public StringProperty filter() {
        return filter;
    }

    /// The run that commands act on; null when none is.
    public ReadOnlyObjectProperty<@Nullable Path> selected() {
        return selected;
    }

    /// The line that the list stands at: the run that is selected, or a grid.
    ReadOnlyObjectProperty<@Nullable Path> current() {
        return current;
    }

    /// The runs on the charts, in the order they were added.
    public ReadOnlyObjectProperty<Set<Path>> shown() {
        return shown.getReadOnlyProperty();
    }

    /// Whether the disk has been read at all.
    public ReadOnlyBooleanProperty loaded() {
        return loaded.getReadOnlyProperty();
    }

    /// All runs, filtered or not.
    public List<RunEntry> entries() {
        return entries;
    }

    public @Nullable RunEntry entry(@Nullable Path id) {
        return entries.stream().filter(entry -> entry.id().equals(id)).findFirst().orElse(null);
    }

    public Hue hue(Path id) {
        return hues.computeIfAbsent(id, _ -> Hue.ofRun(hues.size()));
    }

    /// Takes what the disk says.
    public void update(List<RunEntry> next) {
        Set<Path> known = ids(entries);
        entries = next;
        // Samples first and by name, so that the colours of the first screen never depend on one's
        // own runs.
        next.stream()
                .filter(RunEntry::isAlone)
                .filter(entry -> entry.origin() == RunEntry.Origin.SAMPLE)
                .forEach(entry -> hue(entry.id()));
        // Then in the order they were asked for; the list has the latest first. Those of grids when
        // they are seen.
        next.reversed().stream().filter(RunEntry::isAlone).forEach(entry -> hue(entry.id()));
        loaded.set(true);
        Set<Path> alive = ids(next);
        if (!alive.containsAll(shown.get())) {
            Set<Path> left = new LinkedHashSet<>(shown.get());
            left.retainAll(alive);
            shown.set(left);
        }
        if (every) {
            add(alone(next).filter(id -> !known.contains(id)));
        }
        if (selected.get() != null && !alive.contains(selected.get())) {
            selected.set(null);
        }
        refresh();
    }

    private static Set<Path> ids(List<RunEntry> runs) {
        return runs.stream().map(RunEntry::id).collect(Collectors.toSet());
    }

    /// Shows one run, and nothing else.
    public void showAlone(Path id) {
        every = false;
        RunEntry run = entry(id);
        if (run != null && !run.isAlone() && open.add(run.gridFolder())) {
            refresh();
        }
        selected.set(id);
        current.set(id);
        shown.set(new LinkedHashSet<>(List.of(id)));
    }

    /// Shows several runs; none of them is selected.
    public void showTogether(List<Path> ids) {
        every = false;
        selected.set(null);
        shown.set(new LinkedHashSet<>(ids));
    }

    /// Shows all runs that are no part of a grid, and from now on also those that appear, until
    /// others are chosen to be shown.
    public void showEvery() {
        selected.set(null);
        every = true;
        add(alone(entries));
    }

    private static Stream<Path> alone(List<RunEntry> runs) {
        return runs.reversed().stream().filter(RunEntry::isAlone).map(RunEntry::id);
    }

    private void add(Stream<Path> ids) {
        Set<Path> next = new LinkedHashSet<>(shown.get());
        ids.forEach(next::add);
        shown.set(next);
    }

    /// Adds a run to the charts or takes it off.
    public void toggleShown(Path id) {
        Set<Path> next = new LinkedHashSet<>(shown.get());
        if (!next.remove(id)) {
            next.add(id);
            selected.set(id);
        } else if (id.equals(selected.get())) {
            selected.set(next.size() == 1 ? next.iterator().next() : null);
        }
        shown.set(next);
    }

    /// Opens a grid or folds it away.
    public void fold(Path grid) {
        current.set(grid);
        if (!open.remove(grid)) {
            open.add(grid);
        }
        refresh();
    }

    /// Opens the grid that the list stands at, or folds it away; of a run, the grid around it.
    void foldHere(boolean away) {
        Path at = current.get();
        RunEntry run = entry(at);
        Path grid = run == null ? at : run.isAlone() ? null : run.gridFolder();
        if (grid != null && open.contains(grid) == away) {
            fold(grid);
        }
    }

    /// Goes to the line above or below: a run is shown alone.
    public void move(int by) {
        List<Path> ids = rows.stream().map(ListRow::id).toList();
        if (ids.isEmpty()) {
            return;
        }
        int now = ids.indexOf(current.get());
        ListRow next = rows.get(Math.clamp(now + by, 0, ids.size() - 1));
        switch (next) {
            case ListRow.Run run -> showAlone(run.id());
            case ListRow.Grid grid -> current.set(grid.id());
        }
    }

    private void refresh() {
        String wanted = filter.get().strip().toLowerCase(Locale.ROOT);
        Map<Path, List<RunEntry>> lines = new LinkedHashMap<>();
        for (RunEntry entry : entries) {
            boolean inTheWay = entry.notes().archived() && !shown.get().contains(entry.id());
            if (ListRow.matches(entry, wanted) && !inTheWay) {
                Path line = entry.isAlone() ? entry.id() : entry.gridFolder();
                lines.computeIfAbsent(line, _ -> new ArrayList<>(1)).add(entry);
            }
        }
        List<ListRow> next = new ArrayList<>();
        lines.forEach(
                (line, runs) -> {
                    if (runs.getFirst().isAlone()) {
                        next.add(row(runs.getFirst()));
                        return;
                    }
                    boolean isOpen = open.contains(line) || !wanted.isEmpty();
                    next.add(ListRow.Grid.of(line, runs, isOpen));
                    if (isOpen) {
                        runs.forEach(run -> next.add(row(run)));
                    }
                });
        replace(next);
    }

    private ListRow row(RunEntry run) {
        return ListRow.Run.of(run, hue(run.id()), shown.get().contains(run.id()));
    }

    private void replace(List<ListRow> next) {
        if (rows.size() != next.size()) {
            rows.setAll(next);
            return;
        }
        for (int i = 0; i < next.size(); i++) {
            if (!rows.get(i).equals(next.get(i))) {
                rows.set(i, next.get(i));
            }
        }
    }
}
