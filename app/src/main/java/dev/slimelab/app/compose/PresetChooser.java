package dev.slimelab.app.compose;

import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.objective.Preset;
import dev.slimelab.engine.parameter.Settings;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// The preset of an objective, and a list of all to search in: typing filters, the arrows walk,
/// Enter chooses, Escape leaves everything as it was.
final class PresetChooser extends VBox {
    private static final double ROW_HEIGHT = 46;
    private static final int ROWS_SHOWN = 6;

    private final ComposerViewModel model;
    private final Button current = new Button();
    private final TextField search = new TextField();
    private final ListView<Preset> found = new ListView<>();
    private final VBox drawer = new VBox(4, search, found);
    private final Label citation = words();
    private final Label behaviour = words();
    private final Label status = new Label();

    PresetChooser(ComposerViewModel model) {
        this.model = model;
        getStyleClass().add("preset-chooser");
        current.setId("preset");
        current.setMaxWidth(Double.MAX_VALUE);
        current.setAlignment(Pos.CENTER_LEFT);
        current.setOnAction(_ -> open(!drawer.isVisible()));
        current.addEventHandler(KeyEvent.KEY_PRESSED, this::openByKey);
        search.setId("presetSearch");
        search.setPromptText("Name, paper or arXiv number");
        search.setAccessibleText("Search presets");
        search.textProperty().subscribe(this::filter);
        search.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        found.setAccessibleText("Presets");
        found.setFixedCellSize(ROW_HEIGHT);
        found.setPrefHeight(ROW_HEIGHT * ROWS_SHOWN + 2);
        found.setFocusTraversable(false);
        found.setPlaceholder(new Label("No preset has these words."));
        found.setCellFactory(_ -> new Cell());
        found.getSelectionModel()
                .selectedItemProperty()
                .subscribe(preset -> describe(preset == null ? model.preset().get() : preset));
        Node chevron = Icons.icon(Feather.CHEVRON_DOWN);
        chevron.setMouseTransparent(true);
        StackPane.setAlignment(chevron, Pos.CENTER_RIGHT);
        StackPane.setMargin(chevron, new Insets(0, 12, 0, 0));
        StackPane box = new StackPane(current, chevron);
        getChildren().addAll(box, drawer, new HBox(8, citation, status), behaviour);
        HBox.setHgrow(citation, Priority.ALWAYS);
        status.setMinWidth(Region.USE_PREF_SIZE);
        open(false);
    }

    private static Label words() {
        Label words = new Label();
        words.getStyleClass().add("quiet");
        words.setWrapText(true);
        words.setMinWidth(0);
        words.setMinHeight(Region.USE_PREF_SIZE);
        words.setMaxWidth(Double.MAX_VALUE);
        return words;
    }

    /// Shows what the draft says.
    void show() {
        Preset preset = model.preset().get();
        String name = preset.label() + (model.differsFromPreset() ? ", changed" : "");
        current.setText(name);
        current.setAccessibleText("Objective preset: " + name);
        if (!drawer.isVisible()) {
            describe(preset);
        }
    }

    private void open(boolean open) {
        drawer.setVisible(open);
        drawer.setManaged(open);
        if (open) {
            search.clear();
            filter("");
            search.requestFocus();
        } else {
            found.getSelectionModel().clearSelection();
        }
    }

    private void filter(String query) {
        found.getItems().setAll(PresetSearch.of(query));
        Preset preset = model.preset().get();
        if (query.isBlank()) {
            found.getSelectionModel().select(preset);
            found.scrollTo(Math.max(0, found.getSelectionModel().getSelectedIndex() - 1));
        } else {
            found.getSelectionModel().selectFirst();
            found.scrollTo(0);
        }
    }

    /// As Space does, which presses every button.
    private void openByKey(KeyEvent event) {
        if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.DOWN) {
            open(true);
            event.consume();
        }
    }

    private void key(KeyEvent event) {
        switch (event.getCode()) {
            case DOWN -> walk(1);
            case UP -> walk(-1);
            case PAGE_DOWN -> walk(ROWS_SHOWN);
            case PAGE_UP -> walk(-ROWS_SHOWN);
            case ENTER -> choose(found.getSelectionModel().getSelectedItem());
            case ESCAPE -> close();
            default -> {
                return; // a letter of the query
            }
        }
        event.consume();
    }

    private void walk(int rows) {
        int last = found.getItems().size() - 1;
        if (last >= 0) {
            int row = found.getSelectionModel().getSelectedIndex() + rows;
            found.getSelectionModel().select(Math.clamp(row, 0, last));
            found.scrollTo(Math.max(0, found.getSelectionModel().getSelectedIndex() - 2));
        }
    }

    private void choose(@Nullable Preset preset) {
        if (preset != null) {
            model.choose(preset);
            close();
        }
    }

    private void close() {
        open(false);
        current.requestFocus();
    }

    private void describe(Preset preset) {
        citation.setText(preset.citation());
        behaviour.setText(preset.behaviour());
        mark(status, preset);
    }

    private static void mark(Label label, Preset preset) {
        boolean verified = preset.status() == Preset.Status.VERIFIED;
        label.setText(Settings.word(preset.status().name()));
        label.getStyleClass().setAll("label", "mark", verified ? "sure" : "unsure");
    }

    /// A preset's label, whether it is verified, and where it comes from.
    private final class Cell extends ListCell<Preset> {
        private final Label label = new Label();
        private final Label mark = new Label();
        private final Label source = new Label();
        private final Node row = row();

        Cell() {
            setPrefWidth(0); // as wide as the list, however long a citation is
            setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
            setOnMouseClicked(_ -> choose(getItem()));
        }

        private Node row() {
            label.getStyleClass().add("term-title");
            source.getStyleClass().add("quiet");
            mark.setMinWidth(Region.USE_PREF_SIZE);
            source.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(source, Priority.ALWAYS);
            HBox origin = new HBox(8, source, mark);
            origin.setAlignment(Pos.CENTER_LEFT);
            VBox row = new VBox(1, label, origin);
            row.setAlignment(Pos.CENTER_LEFT);
            return row;
        }

        @Override
        protected void updateItem(@Nullable Preset preset, boolean empty) {
            super.updateItem(preset, empty);
            setGraphic(empty || preset == null ? null : row);
            if (preset != null) {
                label.setText(preset.label());
                source.setText(preset.citation());
                mark(mark, preset);
                setAccessibleText(preset.label() + ", " + preset.citation());
            }
        }
    }
}
