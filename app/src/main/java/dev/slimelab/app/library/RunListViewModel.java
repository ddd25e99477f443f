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
/// long as the window is open.
public final class RunListViewModel {
    private final ObservableList<RunRow> rows = FXCollections.observableArrayList();
    private final StringProperty filter = new SimpleStringProperty("");
    private final ObjectProperty<@Nullable Path> selected = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<Set<Path>> shown = new ReadOnlyObjectWrapper<>(Set.of());
    private final ReadOnlyBooleanWrapper loaded = new ReadOnlyBooleanWrapper(false);
    private final Map<Path, Hue> hues = new HashMap<>();
    private List<RunEntry> entries = List.of();
    private boolean every;

    public RunListViewModel() {
        filter.subscribe(_ -> refresh());
        shown.subscribe(_ -> refresh());
    }

    /// What the list shows, from the top.
    public ObservableList<RunRow> rows() {
        return rows;
    }

    public StringProperty filter() {
        return filter;
    }

    /// The run that commands act on; null when none is.
    public ReadOnlyObjectProperty<@Nullable Path> selected() {
        return selected;
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
                .filter(entry -> entry.origin() == RunEntry.Origin.SAMPLE)
                .forEach(entry -> hue(entry.id()));
        // Then in the order they were asked for; the list has the latest first.
        next.reversed().forEach(entry -> hue(entry.id()));
        loaded.set(true);
        Set<Path> alive = ids(next);
        if (!alive.containsAll(shown.get())) {
            Set<Path> left = new LinkedHashSet<>(shown.get());
            left.retainAll(alive);
            shown.set(left);
        }
        if (every) {
            add(next.reversed().stream().map(RunEntry::id).filter(id -> !known.contains(id)));
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
        selected.set(id);
        shown.set(new LinkedHashSet<>(List.of(id)));
    }

    /// Shows several runs; none of them is selected.
    public void showTogether(List<Path> ids) {
        every = false;
        selected.set(null);
        shown.set(new LinkedHashSet<>(ids));
    }

    /// Shows all runs, and from now on also those that appear, until others are chosen to be shown.
    public void showEvery() {
        selected.set(null);
        every = true;
        add(entries.reversed().stream().map(RunEntry::id));
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

    /// Selects the row above or below.
    public void move(int by) {
        List<Path> ids = rows.stream().map(RunRow::id).toList();
        if (!ids.isEmpty()) {
            int now = ids.indexOf(selected.get());
            showAlone(ids.get(Math.clamp(now + by, 0, ids.size() - 1)));
        }
    }

    private void refresh() {
        String wanted = filter.get().strip().toLowerCase(Locale.ROOT);
        List<RunRow> next = new ArrayList<>();
        for (RunEntry entry : entries) {
            RunRow row = RunRow.of(entry, hue(entry.id()), shown.get().contains(entry.id()));
            boolean inTheWay = entry.notes().archived() && !row.shown();
            if (row.matches(wanted) && !inTheWay) {
                next.add(row);
            }
        }
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
