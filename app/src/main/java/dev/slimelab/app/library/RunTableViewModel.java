package dev.slimelab.app.library;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.look.Hue;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableMap;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The library: all runs, which columns are shown of them, and what can be done to those selected.
public final class RunTableViewModel {
    private static final int DIFFERING_COLUMNS = 5;
    private static final Pattern WIDTH = Pattern.compile("(.+)=([0-9]{1,4})");
    private static final int NARROWEST = 40;
    private static final int WIDEST = 800;

    private final RunListViewModel list;
    private final Background background;
    private final StringProperty chosen;
    private final StringProperty keptWidths;
    private final StringProperty keptSorting;
    private final ObservableMap<Column, Double> widths = FXCollections.observableHashMap();
    private final Consumer<Problem> failed;
    private final StringProperty filter = new SimpleStringProperty("");
    private final BooleanProperty archived = new SimpleBooleanProperty(false);
    private final ObservableList<RunItem> rows = FXCollections.observableArrayList();
    private final Map<Path, RunItem> items = new HashMap<>();
    private final ObservableList<Column> columns = FXCollections.observableArrayList();
    private final ObservableList<Column> available = FXCollections.observableArrayList();
    private final ObjectProperty<List<RunItem>> selection = new SimpleObjectProperty<>(List.of());
    private final ReadOnlyObjectWrapper<RunShelf.@Nullable Moved> deleted =
            new ReadOnlyObjectWrapper<>();
    private final Set<RunFacts> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Column> known = new HashSet<>();
    private List<RunEntry> entries = List.of();

    /// @param kept from one window to the next
    public RunTableViewModel(
            RunListViewModel list,
            Background background,
            TableMemory kept,
            Consumer<Problem> failed) {
        this.list = list;
        this.background = background;
        this.failed = failed;
        chosen = kept.columns();
        keptWidths = kept.widths();
        keptSorting = kept.sorting();
        words(keptWidths).forEach(this::readWidth);
        Column.RUN_KEYS.forEach(key -> known.add(new Column(Column.Kind.RUN, key)));
        listAvailable();
        filter.subscribe(_ -> refresh());
        archived.subscribe(_ -> refresh());
        chosen.subscribe(_ -> chooseColumns());
        list.shown().subscribe(_ -> chooseColumns());
    }

    private static int order(Column one, Column other) {
        return one.kind() == other.kind()
                ? one.kind() == Column.Kind.RUN
                        ? Integer.compare(
                                Column.RUN_KEYS.indexOf(one.key()),
                                Column.RUN_KEYS.indexOf(other.key()))
                        : one.key().compareTo(other.key())
                : one.kind().compareTo(other.kind());
    }

    /// What is filtered in, in the order of the list.
    public ObservableList<RunItem> rows() {
        return rows;
    }

    public ObservableList<Column> columns() {
        return columns;
    }

    /// Everything that any run has.
    public ObservableList<Column> available() {
        return available;
    }

    public StringProperty filter() {
        return filter;
    }

    /// Whether archived runs are listed as well.
    public BooleanProperty archived() {
        return archived;
    }

    public ObjectProperty<List<RunItem>> selection() {
        return selection;
    }

    List<RunEntry> selected() {
        return selection.get().stream().map(RunItem::run).toList();
    }

    /// The run that was deleted last and can be put back; null when there is none.
    public ReadOnlyObjectProperty<RunShelf.@Nullable Moved> deleted() {
        return deleted.getReadOnlyProperty();
    }

    public RunListViewModel list() {
        return list;
    }

    public Hue hue(RunEntry run) {
        return list.hue(run.id());
    }

    public boolean isShown(RunEntry run) {
        return list.shown().get().contains(run.id());
    }

    /// Takes what the disk says.
    public void update(List<RunEntry> next) {
        boolean news = false;
        for (RunEntry run : next) {
            if (seen.add(run.facts())) {
                news |= learn(run.facts());
            }
        }
        if (seen.size() > 2 * next.size() + 100) {
            seen.clear(); // facts of runs that train are replaced again and again
            next.forEach(run -> seen.add(run.facts()));
        }
        if (news) {
            listAvailable();
        }
        entries = next;
        next.forEach(run -> items.computeIfAbsent(run.id(), _ -> new RunItem(run)).set(run));
        items.keySet().retainAll(next.stream().map(RunEntry::id).collect(Collectors.toSet()));
        chooseColumns();
        refresh();
    }

    private void listAvailable() {
        available.setAll(known.stream().sorted(RunTableViewModel::order).toList());
    }

    private boolean learn(RunFacts facts) {
        int before = known.size();
        facts.settings().keySet().forEach(key -> known.add(new Column(Column.Kind.SETTING, key)));
        facts.metrics().keySet().forEach(key -> known.add(new Column(Column.Kind.METRIC, key)));
        facts.environment()
                .keySet()
                .forEach(key -> known.add(new Column(Column.Kind.ENVIRONMENT, key)));
        return known.size() > before;
    }

    /// The columns a person chose; else the usual ones, with the settings in which the runs on show
    /// differ right after the name.
    private void chooseColumns() {
        List<Column> next = new ArrayList<>();
        if (chosen.get().isEmpty()) {
            next.addAll(Column.USUAL);
            next.addAll(3, differing());
        } else {
            words(chosen).forEach(word -> Column.ofWord(word).ifPresent(next::add));
        }
        if (!next.contains(Column.NAME)) {
            next.addFirst(Column.NAME);
        }
        if (!columns.equals(next)) {
            columns.setAll(next);
        }
    }

    private List<Column> differing() {
        List<RunFacts> shown = entries.stream().filter(this::isShown).map(RunEntry::facts).toList();
        Stream<Column> settings =
                RunFacts.telling(shown).stream()
                        .limit(DIFFERING_COLUMNS)
                        .map(key -> new Column(Column.Kind.SETTING, key));
        return Stream.concat(Stream.of(new Column(Column.Kind.RUN, "objective")), settings)
                .toList();
    }

    private static List<String> words(StringProperty kept) {
        return Arrays.stream(kept.get().split(" ", -1)).filter(word -> !word.isEmpty()).toList();
    }

    private void readWidth(String word) {
        Matcher width = WIDTH.matcher(word);
        if (width.matches()) {
            Column.ofWord(width.group(1))
                    .ifPresent(column -> widths.put(column, Double.valueOf(width.group(2))));
        }
    }

    /// Shows a column or hides it, from now on and in the next window. The name is always there.
    public void toggle(Column column) {
        List<Column> next = new ArrayList<>(columns);
        if (!column.equals(Column.NAME)) {
            if (!next.remove(column)) {
                next.add(column);
            }
            arrange(next);
        }
    }

    /// Shows these columns in this order, from now on and in the next window.
    public void arrange(List<Column> order) {
        if (!columns.equals(order)) {
            chosen.set(order.stream().map(Column::word).collect(Collectors.joining(" ")));
        }
    }

    /// Moves a column that is shown to the right, or to the left where negative.
    public void move(Column column, int by) {
        List<Column> next = new ArrayList<>(columns);
        int at = next.indexOf(column);
        if (next.remove(column)) {
            next.add(Math.clamp(at + by, 0, next.size()), column);
            arrange(next);
        }
    }

    /// The widths that a person gave, in pixels.
    public ObservableMap<Column, Double> widths() {
        return widths;
    }

    /// Gives a column a width, from now on and in the next window.
    public void resize(Column column, double width) {
        widths.put(column, Math.clamp(Math.rint(width), NARROWEST, WIDEST));
        keptWidths.set(
                widths.entrySet().stream()
                        .map(kept -> kept.getKey().word() + "=" + kept.getValue().intValue())
                        .sorted()
                        .collect(Collectors.joining(" ")));
    }

    /// What rows are sorted by; null where they stand as the list has them.
    public @Nullable Sorting sorting() {
        String word = keptSorting.get();
        boolean backwards = word.startsWith("-");
        return Column.ofWord(backwards ? word.substring(1) : word)
                .map(column -> new Sorting(column, backwards ? Order.BACKWARDS : Order.FORWARDS))
                .orElse(null);
    }

    public void sort(@Nullable Sorting by) {
        keptSorting.set(
                by == null ? "" : (by.order() == Order.BACKWARDS ? "-" : "") + by.column().word());
    }

    /// Whether rows stand by size and alphabet, or the other way round.
    public enum Order {
        FORWARDS,
        BACKWARDS
    }

    /// A column that rows are sorted by.
    public record Sorting(Column column, Order order) {}

    /// The columns that suit the runs on show, again.
    public void resetColumns() {
        chosen.set("");
    }

    private void refresh() {
        RunFilter wanted = RunFilter.of(filter.get());
        List<RunItem> next =
                entries.stream()
                        .filter(run -> archived.get() || !run.notes().archived())
                        .filter(wanted::accepts)
                        .map(run -> Objects.requireNonNull(items.get(run.id())))
                        .toList();
        if (!rows.equals(next)) {
            rows.setAll(next);
        }
    }

    /// Puts the selected runs on the charts, or takes them off where all of them are.
    public void toggleShown() {
        Set<Path> ids =
                selected().stream()
                        .map(RunEntry::id)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Path> shown = new LinkedHashSet<>(list.shown().get());
        if (!shown.addAll(ids)) {
            shown.removeAll(ids);
        }
        list.showTogether(List.copyOf(shown));
    }

    public void tag(String words) {
        note(notes -> notes.withTags(words));
    }

    public void annotate(String words) {
        note(notes -> notes.withNote(words));
    }

    /// Puts the selected runs out of the way, or back where all of them are.
    public void toggleArchived() {
        boolean all = selected().stream().allMatch(run -> run.notes().archived());
        note(notes -> notes.withArchived(!all));
    }

    private void note(UnaryOperator<RunNotes> change) {
        List<RunEntry> runs = selected();
        background.run(
                "",
                () -> {
                    runs.forEach(run -> RunShelf.note(run, change));
                    return runs;
                },
                _ -> {},
                failed);
    }

    /// Moves the selected run to the trash; one that an engine trains is refused.
    public void delete() {
        if (selection.get().size() == 1) {
            RunEntry run = selected().getFirst();
            background.run("", () -> RunShelf.toTrash(run), deleted::set, failed);
        }
    }

    /// Puts the run that was deleted last back.
    public void undoDelete() {
        RunShelf.Moved last = deleted.get();
        if (last != null) {
            deleted.set(null);
            background.run("", () -> RunShelf.putBack(last), _ -> {}, failed);
        }
    }

    /// Opens the system's file manager on the selected run.
    public void reveal() {
        selected().stream()
                .findFirst()
                .ifPresent(
                        run ->
                                background.run(
                                        "", () -> RunShelf.reveal(run.id()), _ -> {}, failed));
    }
}
