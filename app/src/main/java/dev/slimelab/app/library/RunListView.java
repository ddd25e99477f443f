package dev.slimelab.app.library;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.look.Icons;

import javafx.css.PseudoClass;
import javafx.event.EventTarget;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Locale;

/// The left column: filter, runs with their live state, and the button that begins another.
public final class RunListView extends VBox {
    private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");
    private static final double INDENT = 16;
    private static final PseudoClass SHOWN = PseudoClass.getPseudoClass("shown");

    private final RunListViewModel model;
    private final Actions actions;
    private final TextField filter = new TextField();
    private final ListView<ListRow> list;

    /// What the list can set off elsewhere in the window.
    ///
    /// @param toggle shows the chosen run on the charts or hides it
    public record Actions(Command newRun, Command compareSamples, Command toggle) {}

    public RunListView(RunListViewModel model, Actions actions) {
        this.model = model;
        this.actions = actions;
        list = new ListView<>(model.rows());
        getStyleClass().add("run-list");
        Label title = new Label("Runs");
        title.getStyleClass().add("column-title");
        filter.setPromptText("Filter runs");
        filter.setId("filter");
        filter.setAccessibleText("Filter runs by name, objective or state");
        filter.textProperty().bindBidirectional(model.filter());
        list.setId("runs");
        list.setAccessibleText("Runs");
        list.setCellFactory(_ -> new Row());
        list.setPlaceholder(new Label("No runs yet"));
        list.addEventFilter(KeyEvent.KEY_PRESSED, this::onKey);
        VBox.setVgrow(list, Priority.ALWAYS);
        Button begin = actions.newRun().button();
        begin.setId("newRun");
        begin.getStyleClass().add("wide");
        begin.setMaxWidth(Double.MAX_VALUE);
        Button samples = actions.compareSamples().iconButton();
        samples.setId("compareSamples");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(title, gap, samples);
        head.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(head, filter, list, begin);
        model.loaded().subscribe(_ -> showPlaceholder());
        model.filter().subscribe(_ -> showPlaceholder());
    }

    public void focusFilter() {
        filter.requestFocus();
        filter.selectAll();
    }

    /// Whether a key goes to the list itself, where there is nothing to press.
    public boolean holds(EventTarget target) {
        return target == list;
    }

    private void showPlaceholder() {
        String words =
                !model.loaded().get()
                        ? "Reading runs…"
                        : model.entries().isEmpty() ? "No runs yet" : "No run matches the filter";
        Label label = new Label(words);
        label.getStyleClass().add("quiet");
        list.setPlaceholder(label);
    }

    private void onKey(KeyEvent event) {
        switch (event.getCode()) {
            case UP -> {
                model.move(-1);
                event.consume();
            }
            case DOWN -> {
                model.move(1);
                event.consume();
            }
            case RIGHT -> {
                model.foldHere(false);
                event.consume();
            }
            case LEFT -> {
                model.foldHere(true);
                event.consume();
            }
            default -> {
                // other keys belong to the window
            }
        }
    }

    private final class Row extends ListCell<ListRow> {
        private final Region dot = new Region();
        private final Label name = new Label();
        private final Label detail = new Label();
        private final Label state = new Label();
        private final Button toggle = new Button();
        private final FontIcon fold = Icons.icon(Feather.CHEVRON_RIGHT);
        private final HBox line;
        private @Nullable String hueClass;

        Row() {
            dot.getStyleClass().add("run-dot");
            fold.setIconSize(10); // as wide as a dot
            toggle.getStyleClass().add("run-toggle");
            toggle.setFocusTraversable(false);
            toggle.setOnAction(_ -> toggle());
            name.getStyleClass().add("run-name");
            detail.getStyleClass().add("run-detail");
            state.getStyleClass().add("run-state");
            state.setMinWidth(Region.USE_PREF_SIZE);
            VBox words = new VBox(name, detail);
            words.setAlignment(Pos.CENTER_LEFT);
            words.setMinWidth(0);
            HBox.setHgrow(words, Priority.ALWAYS);
            line = new HBox(4, toggle, words, state);
            line.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
            setAccessibleRole(AccessibleRole.LIST_ITEM);
            addEventHandler(MouseEvent.MOUSE_CLICKED, _ -> choose());
            model.current().subscribe(_ -> showCurrent());
        }

        private void toggle() {
            switch (getItem()) {
                case null -> {}
                case ListRow.Run run -> model.toggleShown(run.id());
                case ListRow.Grid grid -> model.fold(grid.id());
            }
        }

        private void choose() {
            switch (getItem()) {
                case null -> {}
                case ListRow.Run run -> model.showAlone(run.id());
                case ListRow.Grid grid -> model.fold(grid.id());
            }
        }

        private void showCurrent() {
            ListRow row = getItem();
            pseudoClassStateChanged(CURRENT, row != null && row.id().equals(model.current().get()));
        }

        @Override
        protected void updateItem(@Nullable ListRow row, boolean empty) {
            super.updateItem(row, empty);
            showCurrent();
            if (row == null || empty) {
                setGraphic(null);
                setAccessibleText(null);
                return;
            }
            name.setText(row.name());
            detail.setText(row.detail());
            state.setText(row.state());
            for (RunPhase.Tone tone : RunPhase.Tone.values()) {
                String styleClass = "tone-" + tone.name().toLowerCase(Locale.ROOT);
                state.getStyleClass().remove(styleClass);
                if (tone == row.tone()) {
                    state.getStyleClass().add(styleClass);
                }
            }
            switch (row) {
                case ListRow.Run run -> show(run);
                case ListRow.Grid grid -> show(grid);
            }
            setAccessibleText(row.spoken());
            setGraphic(line);
        }

        private void show(ListRow.Run run) {
            dot.getStyleClass().remove(hueClass);
            hueClass = run.hue().styleClass();
            dot.getStyleClass().add(hueClass);
            dot.pseudoClassStateChanged(SHOWN, run.shown());
            toggle.setGraphic(dot);
            toggle.setTooltip(actions.toggle().tooltip(actions.toggle().words()));
            toggle.setAccessibleText((run.shown() ? "Hide " : "Show ") + run.name());
            line.setPadding(new Insets(0, 0, 0, run.grid().isEmpty() ? 0 : INDENT));
        }

        private void show(ListRow.Grid grid) {
            fold.setIconCode(grid.open() ? Feather.CHEVRON_DOWN : Feather.CHEVRON_RIGHT);
            toggle.setGraphic(fold);
            String words = (grid.open() ? "Fold away the runs of " : "Show the runs of ");
            toggle.setAccessibleText(words + grid.name());
            toggle.setTooltip(new Tooltip(words + grid.name()));
            line.setPadding(Insets.EMPTY);
        }
    }
}
