package dev.slimelab.app.compose;

import atlantafx.base.controls.ToggleSwitch;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.List;

/// A term of the objective on a card: its switch, and its settings while it is on.
final class TermCardView extends VBox {
    private final List<FieldRow> rows;

    TermCardView(TermCard card, ComposerViewModel model) {
        getStyleClass().add("term-card");
        setId("term-" + card.title().toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
        Label title = new Label(card.title());
        title.getStyleClass().add("term-title");
        Label help = new Label(card.help());
        help.getStyleClass().add("quiet");
        help.setMinWidth(0);
        help.setWrapText(true);
        help.setMinHeight(Region.USE_PREF_SIZE);
        ToggleSwitch on = new ToggleSwitch();
        on.setSelected(card.on());
        on.setAccessibleText(card.title());
        on.setMinWidth(Region.USE_PREF_SIZE);
        on.selectedProperty().subscribe((_, _) -> model.toggle(card));
        VBox words = new VBox(1, title, help);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox head = new HBox(8, words, on);
        head.setAlignment(Pos.CENTER_LEFT);
        rows = card.fields().stream().map(field -> new FieldRow(field, model)).toList();
        getChildren().add(head);
        getChildren().addAll(rows);
    }

    boolean complains() {
        return rows.stream().anyMatch(FieldRow::complains);
    }

    void show() {
        rows.forEach(FieldRow::show);
    }
}
