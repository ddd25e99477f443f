package dev.slimelab.app.library;

import dev.slimelab.app.look.Icons;

import javafx.collections.ListChangeListener;
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
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
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

/// All runs as a table: sort by a head, filter by words, choose columns, tag, annotate, archive,
/// delete.
public final class RunTableView extends VBox {
    private static final PseudoClass SHOWN = PseudoClass.getPseudoClass("shown");

    private final RunTableViewModel model;
    private final TableView<RunItem> table = new TableView<>();
    private final TextField tags = new TextField();
    private final TextField note = new TextField();
    private final Map<Column, TableColumn<RunItem, Value>> made = new HashMap<>();

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
        table.getColumns()
                .setAll(
                        model.columns().stream()
                                .map(column -> made.computeIfAbsent(column, this::column))
                                .toList());
    }

    private TableColumn<RunItem, Value> column(Column column) {
        TableColumn<RunItem, Value> shown = new TableColumn<>();
        Label head = new Label(column.label());
        head.setTooltip(new Tooltip(column.kind().word() + ": " + column.key()));
        shown.setGraphic(head);
        shown.setCellValueFactory(row -> row.getValue().entry().map(column::of));
        boolean isName = column.equals(Column.NAME);
        shown.setCellFactory(_ -> isName ? new NameCell() : new ValueCell());
        shown.setPrefWidth(isName ? 170 : Math.max(78, 30 + 7.2 * column.label().length()));
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
        TextField search = new TextField();
        search.setPromptText("Find a column");
        search.setAccessibleText("Find a column");
        ListView<Column> list = new ListView<>();
        list.setId("columnList");
        list.setAccessibleText("Columns");
        list.setCellFactory(_ -> new ColumnCell());
        VBox.setVgrow(list, Priority.ALWAYS);
        Runnable refresh =
                () ->
                        list.getItems()
                                .setAll(
                                        model.available()
                                                .filtered(
                                                        column ->
                                                                column.key()
                                                                        .toLowerCase(Locale.ROOT)
                                                                        .contains(
                                                                                search.getText()
                                                                                        .toLowerCase(
                                                                                                Locale
                                                                                                        .ROOT))));
        search.textProperty().subscribe(_ -> refresh.run());
        model.available().addListener((ListChangeListener<Column>) _ -> refresh.run());
        model.columns().addListener((ListChangeListener<Column>) _ -> list.refresh());
        Button reset = new Button("Those that differ");
        reset.setTooltip(new Tooltip("The usual columns and the settings that differ"));
        reset.setOnAction(_ -> model.resetColumns());
        reset.setMaxWidth(Double.MAX_VALUE);
        VBox chooser = new VBox(6, search, list, reset);
        chooser.setId("columnChooser");
        chooser.setMinWidth(200);
        chooser.setPrefWidth(220);
        return chooser;
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
