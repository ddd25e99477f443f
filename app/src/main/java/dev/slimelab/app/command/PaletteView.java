package dev.slimelab.app.command;

import dev.slimelab.app.command.PaletteViewModel.Line;
import dev.slimelab.app.look.Icons;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

/// Every command by name: typing finds, the arrows walk, Enter runs, Escape leaves everything as it
/// was.
public final class PaletteView extends VBox {
    private static final double ROW_HEIGHT = 34;
    private static final int ROWS_SHOWN = 11;

    private final PaletteViewModel model;
    private final TextField search = new TextField();
    private final ListView<Line> found;

    public PaletteView(PaletteViewModel model) {
        super(8);
        this.model = model;
        found = new ListView<>(model.found());
        setId("palette");
        getStyleClass().addAll("card", "palette");
        search.setId("paletteSearch");
        search.setPromptText("What shall be done?");
        search.setAccessibleText("Find a command");
        search.textProperty().bindBidirectional(model.query());
        search.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        found.setId("paletteList");
        found.setAccessibleText("Commands");
        found.setFocusTraversable(false);
        found.setFixedCellSize(ROW_HEIGHT);
        found.setPrefHeight(ROW_HEIGHT * ROWS_SHOWN + 2);
        found.setPlaceholder(new Label("No command has these letters."));
        found.setCellFactory(_ -> new Row());
        VBox.setVgrow(found, Priority.ALWAYS);
        model.chosen().subscribe(this::showChosen);
        getChildren().addAll(search, found);
        setMaxSize(560, USE_PREF_SIZE);
    }

    public void open() {
        search.requestFocus();
    }

    private void showChosen(@Nullable Line line) {
        found.getSelectionModel().select(line);
        int row = found.getSelectionModel().getSelectedIndex();
        found.scrollTo(Math.max(0, row - ROWS_SHOWN + 2));
        // The focus stays in the field: what Enter would run is said there.
        search.setAccessibleHelp(line == null ? "Nothing found" : spoken(line));
    }

    private static String spoken(Line line) {
        return line.command().words()
                + (line.command().key().isEmpty() ? "" : ", " + line.command().key())
                + (line.obstacle().isEmpty() ? "" : ", not now: " + line.obstacle());
    }

    private void key(KeyEvent event) {
        switch (event.getCode()) {
            case DOWN -> model.walk(1);
            case UP -> model.walk(-1);
            case PAGE_DOWN -> model.walk(ROWS_SHOWN);
            case PAGE_UP -> model.walk(-ROWS_SHOWN);
            case ENTER -> model.run();
            default -> {
                return; // a letter of the query
            }
        }
        event.consume();
    }

    /// Icon and words; on the right the key, or why it cannot be done.
    private final class Row extends ListCell<Line> {
        private final Label words = new Label();
        private final Label why = new Label();
        private final Label key = new Label();
        private final Node row = row();

        Row() {
            setPrefWidth(0); // as wide as the list
            setOnMousePressed(_ -> model.choose(getItem()));
            setOnMouseClicked(_ -> model.run());
        }

        private Node row() {
            why.getStyleClass().add("quiet");
            why.setMinWidth(0);
            key.getStyleClass().add("key");
            for (Label whole : new Label[] {words, key}) {
                whole.setMinWidth(Region.USE_PREF_SIZE);
            }
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            HBox row = new HBox(10, words, gap, why, key);
            row.setAlignment(Pos.CENTER_LEFT);
            return row;
        }

        @Override
        protected void updateItem(@Nullable Line line, boolean empty) {
            super.updateItem(line, empty);
            if (line == null || empty) {
                setGraphic(null);
                setAccessibleText(null);
                return;
            }
            words.setText(line.command().words());
            words.setGraphic(Icons.icon(line.command().icon()));
            words.setDisable(!line.obstacle().isEmpty());
            why.setText(line.obstacle());
            key.setText(line.command().key());
            key.setVisible(!line.command().key().isEmpty());
            setAccessibleText(spoken(line));
            setGraphic(row);
        }
    }
}
