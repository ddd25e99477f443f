package dev.slimelab.app.library;

import dev.slimelab.app.library.RunTableViewModel.Order;
import dev.slimelab.app.library.RunTableViewModel.Sorting;
import dev.slimelab.app.look.Icons;

import javafx.collections.ListChangeListener;
import javafx.collections.MapChangeListener;
import javafx.collections.transformation.SortedList;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableColumn.SortType;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// All runs as a table: sort by a head, filter by words, choose columns, tag, annotate, archive,
/// delete.
public final class RunTableView extends VBox {
    private static final PseudoClass SHOWN = PseudoClass.getPseudoClass("shown");

    private static final double RESIZED_BY_KEY = 16;

    private final RunTableViewModel model;
    private final TableView<RunItem> table = new TableView<>();
    private final TextField tags = new TextField();
    private final TextField note = new TextField();
    private final Map<Column, TableColumn<RunItem, Value>> made = new HashMap<>();
    private final ListView<Column> columnList = new ListView<>();
    private final TextField columnSearch = new TextField();
    private boolean showing;

    public RunTableView(RunTableViewModel model) {
        this.model = model;
        getStyleClass().add("library");
        VBox chooser = chooser();
        HBox middle = new HBox(8, table, chooser);
        HBox.setHgrow(table, Priority.ALWAYS);
        VBox.setVgrow(middle, Priority.ALWAYS);
        buildTable();
        getChildren().addAll(bar(chooser), middle, notes());
        setMinHeight(120);
    }

    private void buildTable() {
        table.setId("library");
        table.setAccessibleText("All runs");
        table.setMinWidth(0);
        SortedList<RunItem> sorted = new SortedList<>(model.rows());
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        table.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        table.getSelectionModel()
                .getSelectedItems()
                .addListener(
                        (ListChangeListener<RunItem>)
                                _ ->
                                        model.selection()
                                                .set(
                                                        table
                                                                .getSelectionModel()
                                                                .getSelectedItems()
                                                                .stream()
                                                                .filter(Objects::nonNull)
                                                                .toList()));
        model.columns().addListener((ListChangeListener<Column>) _ -> showColumns());
        showColumns();
        table.getColumns()
                .addListener((ListChangeListener<TableColumn<RunItem, ?>>) _ -> takeOrder());
        table.setOnSort(_ -> takeSorting());
        table.addEventFilter(MouseEvent.MOUSE_RELEASED, _ -> takeWidths());
        model.widths()
                .addListener(
                        (MapChangeListener<Column, Double>)
                                change -> {
                                    if (change.wasAdded() && made.containsKey(change.getKey())) {
                                        made.get(change.getKey())
                                                .setPrefWidth(change.getValueAdded());
                                    }
                                });
        model.list().loaded().subscribe(_ -> showPlaceholder());
        model.filter().subscribe(_ -> showPlaceholder());
        model.list().shown().subscribe(_ -> table.refresh());
        table.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.DELETE) {
                        model.delete();
                        event.consume();
                    }
                });
    }

    private void showPlaceholder() {
        Label words =
                new Label(
                        !model.list().loaded().get()
                                ? "Reading runs…"
                                : model.filter().get().isBlank()
                                        ? "No runs yet. Press N to begin one."
                                        : "No run matches the filter.");
        words.getStyleClass().add("quiet");
        table.setPlaceholder(words);
    }

    private void showColumns() {
        showing = true;
        table.getColumns()
                .setAll(
                        model.columns().stream()
                                .map(column -> made.computeIfAbsent(column, this::column))
                                .toList());
        showSorting();
        showing = false;
    }

    private void showSorting() {
        Sorting by = model.sorting();
        TableColumn<RunItem, Value> column = by == null ? null : made.get(by.column());
        if (by == null || column == null || !table.getColumns().contains(column)) {
            table.getSortOrder().clear();
            return;
        }
        column.setSortType(by.order() == Order.FORWARDS ? SortType.ASCENDING : SortType.DESCENDING);
        table.getSortOrder().setAll(List.of(column));
    }

    /// A head was dragged to another place. While it moves it may be missing for a moment.
    private void takeOrder() {
        List<Column> order = table.getColumns().stream().map(RunTableView::columnOf).toList();
        if (!showing && order.size() == model.columns().size()) {
            model.arrange(order);
        }
    }

    private void takeSorting() {
        if (!showing) {
            model.sort(
                    table.getSortOrder().isEmpty()
                            ? null
                            : sorting(table.getSortOrder().getFirst()));
        }
    }

    private static Sorting sorting(TableColumn<RunItem, ?> column) {
        return new Sorting(
                columnOf(column),
                column.getSortType() == SortType.ASCENDING ? Order.FORWARDS : Order.BACKWARDS);
    }

    /// The edge of a head was dragged.
    private void takeWidths() {
        for (TableColumn<RunItem, ?> column : table.getColumns()) {
            if (Math.abs(column.getWidth() - column.getPrefWidth()) > 1) {
                model.resize(columnOf(column), column.getWidth());
            }
        }
    }

    private static Column columnOf(TableColumn<RunItem, ?> column) {
        return (Column) column.getUserData();
    }

    private TableColumn<RunItem, Value> column(Column column) {
        TableColumn<RunItem, Value> shown = new TableColumn<>();
        Label head = new Label(column.label());
        head.setTooltip(new Tooltip(column.kind().word() + ": " + column.key()));
        shown.setGraphic(head);
        shown.setCellValueFactory(row -> row.getValue().entry().map(column::of));
        boolean isName = column.equals(Column.NAME);
        shown.setCellFactory(_ -> isName ? new NameCell() : new ValueCell());
        double usual = isName ? 170 : Math.max(78, 30 + 7.2 * column.label().length());
        shown.setPrefWidth(model.widths().getOrDefault(column, usual));
        shown.setUserData(column);
        return shown;
    }

    private HBox bar(VBox chooser) {
        TextField filter = new TextField();
        filter.setId("libraryFilter");
        filter.setPromptText("Filter: words, learningRate>1e-4, state=done");
        filter.setAccessibleText("Filter the library by words or by comparisons of columns");
        filter.textProperty().bindBidirectional(model.filter());
        HBox.setHgrow(filter, Priority.ALWAYS);
        ToggleButton archived = toggle(Feather.ARCHIVE, "Show archived runs as well");
        archived.selectedProperty().bindBidirectional(model.archived());
        archived.setId("showArchived");
        ToggleButton columns = toggle(Feather.COLUMNS, "Choose columns");
        columns.setId("columns");
        chooser.visibleProperty().bind(columns.selectedProperty());
        chooser.managedProperty().bind(columns.selectedProperty());
        HBox bar = new HBox(8, filter, archived, columns);
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private static ToggleButton toggle(Feather icon, String verb) {
        ToggleButton button = new ToggleButton("", Icons.icon(icon));
        button.setAccessibleText(verb);
        button.setTooltip(new Tooltip(verb));
        button.getStyleClass().addAll("button-icon", "flat");
        return button;
    }

    private VBox chooser() {
        columnSearch.setPromptText("Find a column");
        columnSearch.setAccessibleText("Find a column");
        columnList.setId("columnList");
        columnList.setAccessibleText(
                "Columns: Space shows or hides, Enter sorts, Alt and arrows move and resize");
        columnList.setCellFactory(_ -> new ColumnCell());
        columnList.addEventFilter(KeyEvent.KEY_PRESSED, this::keyOnColumns);
        VBox.setVgrow(columnList, Priority.ALWAYS);
        columnSearch.textProperty().subscribe(_ -> listColumns());
        model.available().addListener((ListChangeListener<Column>) _ -> listColumns());
        model.columns().addListener((ListChangeListener<Column>) _ -> listColumns());
        Button reset = new Button("Those that differ");
        reset.setTooltip(new Tooltip("The usual columns and the settings that differ"));
        reset.setOnAction(_ -> model.resetColumns());
        reset.setMaxWidth(Double.MAX_VALUE);
        VBox chooser = new VBox(6, columnSearch, columnList, reset);
        chooser.setId("columnChooser");
        chooser.setMinWidth(200);
        chooser.setPrefWidth(220);
        return chooser;
    }

    /// Those on show first, in their order.
    private void listColumns() {
        Column before = columnList.getSelectionModel().getSelectedItem();
        String letters = columnSearch.getText().toLowerCase(Locale.ROOT);
        columnList
                .getItems()
                .setAll(
                        Stream.concat(model.columns().stream(), model.available().stream())
                                .distinct()
                                .filter(
                                        column ->
                                                column.key()
                                                        .toLowerCase(Locale.ROOT)
                                                        .contains(letters))
                                .toList());
        if (before != null) {
            columnList.getSelectionModel().select(before);
            columnList.getFocusModel().focus(columnList.getSelectionModel().getSelectedIndex());
        }
    }

    private void keyOnColumns(KeyEvent event) {
        Column column = columnList.getSelectionModel().getSelectedItem();
        if (column == null) {
            return;
        }
        boolean done = event.isAltDown() ? place(column, event.getCode()) : use(column, event);
        if (done) {
            event.consume();
        }
    }

    private boolean use(Column column, KeyEvent event) {
        switch (event.getCode()) {
            case SPACE -> model.toggle(column);
            case ENTER -> sortBy(column);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean place(Column column, KeyCode key) {
        TableColumn<RunItem, Value> shown = made.get(column);
        if (shown == null || !model.columns().contains(column)) {
            return false;
        }
        switch (key) {
            case UP -> model.move(column, -1);
            case DOWN -> model.move(column, 1);
            case LEFT -> model.resize(column, shown.getWidth() - RESIZED_BY_KEY);
            case RIGHT -> model.resize(column, shown.getWidth() + RESIZED_BY_KEY);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void sortBy(Column column) {
        boolean again = new Sorting(column, Order.FORWARDS).equals(model.sorting());
        model.sort(new Sorting(column, again ? Order.BACKWARDS : Order.FORWARDS));
        if (!model.columns().contains(column)) {
            model.toggle(column);
        }
        showing = true;
        showSorting();
        showing = false;
    }

    /// What can be done to the selected runs.
    private HBox notes() {
        tags.setId("tags");
        tags.setPromptText("Tags");
        tags.setAccessibleText("Tags of the selected runs, separated by commas");
        tags.setPrefColumnCount(9);
        tags.setOnAction(_ -> model.tag(tags.getText()));
        note.setId("note");
        note.setPromptText("Note");
        note.setAccessibleText("Note on the selected runs");
        note.setOnAction(_ -> model.annotate(note.getText()));
        HBox.setHgrow(note, Priority.ALWAYS);
        Button show = action(Feather.EYE, "Show on the charts or hide", model::toggleShown);
        Button archive = action(Feather.ARCHIVE, "Archive or take back", model::toggleArchived);
        Button reveal = action(Feather.FOLDER, "Open the run’s folder", model::reveal);
        Button delete = action(Feather.TRASH_2, "Move to the trash", model::delete);
        show.setId("showSelected");
        archive.setId("archive");
        reveal.setId("reveal");
        delete.setId("delete");
        Button undo = new Button("Put back", Icons.icon(Feather.ROTATE_CCW));
        undo.setId("undoDelete");
        undo.setMinWidth(Region.USE_PREF_SIZE);
        undo.setOnAction(_ -> model.undoDelete());
        model.deleted()
                .subscribe(
                        moved -> {
                            undo.setVisible(moved != null);
                            undo.setManaged(moved != null);
                            if (moved != null) {
                                undo.setText("Put back " + moved.from().getFileName());
                            }
                        });
        List<Region> own = List.of(tags, note, archive, delete);
        model.selection()
                .subscribe(
                        _ -> {
                            List<RunEntry> runs = model.selected();
                            boolean mine =
                                    !runs.isEmpty()
                                            && runs.stream()
                                                    .allMatch(
                                                            run ->
                                                                    run.origin()
                                                                            == RunEntry.Origin.OWN);
                            own.forEach(control -> control.setDisable(!mine));
                            show.setDisable(runs.isEmpty());
                            reveal.setDisable(runs.size() != 1);
                            delete.setDisable(
                                    !mine || runs.size() != 1 || runs.getFirst().phase().isAlive());
                            showNotes(runs);
                        });
        HBox bar = new HBox(8, tags, note, undo, show, archive, reveal, delete);
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private void showNotes(List<RunEntry> runs) {
        RunNotes first = runs.isEmpty() ? RunNotes.NONE : runs.getFirst().notes();
        boolean same = runs.stream().allMatch(run -> run.notes().equals(first));
        tags.setText(same ? String.join(", ", first.tags()) : "");
        note.setText(same ? first.note() : "");
    }

    private static Button action(Feather icon, String verb, Runnable action) {
        Button button = Icons.iconButton(icon, verb, "");
        button.setOnAction(_ -> action.run());
        return button;
    }

    /// A number to the right, words to the left.
    private static class ValueCell extends TableCell<RunItem, Value> {
        @Override
        protected void updateItem(@Nullable Value value, boolean empty) {
            super.updateItem(value, empty);
            setText(value == null || empty ? null : value.text());
            setAlignment(value != null && value.isNumber() ? Pos.CENTER_RIGHT : Pos.CENTER_LEFT);
        }
    }

    /// The name behind the dot that shows or hides the run.
    private final class NameCell extends TableCell<RunItem, Value> {
        private final Region dot = new Region();
        private final Button toggle = new Button("", dot);
        private @Nullable String hueClass;

        NameCell() {
            dot.getStyleClass().add("run-dot");
            toggle.getStyleClass().add("run-toggle");
            toggle.setFocusTraversable(false);
            toggle.setOnAction(_ -> toggle());
            setAlignment(Pos.CENTER_LEFT);
        }

        private void toggle() {
            RunItem row = getTableRow().getItem();
            if (row != null) {
                model.list().toggleShown(row.run().id());
            }
        }

        @Override
        protected void updateItem(@Nullable Value name, boolean empty) {
            super.updateItem(name, empty);
            RunItem row = getTableRow() == null ? null : getTableRow().getItem();
            if (name == null || empty || row == null) {
                setText(null);
                setGraphic(null);
                return;
            }
            RunEntry run = row.run();
            dot.getStyleClass().remove(hueClass);
            hueClass = model.hue(run).styleClass();
            dot.getStyleClass().add(hueClass);
            dot.pseudoClassStateChanged(SHOWN, model.isShown(run));
            toggle.setAccessibleText((model.isShown(run) ? "Hide " : "Show ") + run.name());
            setText(name.text());
            setGraphic(toggle);
        }
    }

    /// A column with its box to tick.
    private final class ColumnCell extends ListCell<Column> {
        private final CheckBox box = new CheckBox();

        ColumnCell() {
            box.setOnAction(
                    _ -> {
                        Column column = getItem();
                        if (column != null) {
                            model.toggle(column);
                        }
                    });
        }

        @Override
        protected void updateItem(@Nullable Column column, boolean empty) {
            super.updateItem(column, empty);
            if (column == null || empty) {
                setGraphic(null);
                return;
            }
            box.setText(column.key());
            box.setTooltip(new Tooltip(column.kind().word() + ": " + column.key()));
            box.setSelected(model.columns().contains(column));
            box.setDisable(column.equals(Column.NAME));
            setGraphic(box);
            setAccessibleText(column.kind().word() + " " + column.key());
        }
    }
}
