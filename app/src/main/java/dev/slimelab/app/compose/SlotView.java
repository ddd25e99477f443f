package dev.slimelab.app.compose;

import atlantafx.base.controls.ToggleSwitch;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.ArrayList;
import java.util.List;

/// A setting with what it governs: a switch with words where it can be off, its value or kind, and
/// the settings below it.
final class SlotView extends VBox {
    private final FormNode node;
    private final ComposerViewModel model;
    private final List<FieldRow> rows = new ArrayList<>();
    private final List<SlotView> below;
    private final Label refusal = new Label();

    SlotView(FormNode node, ComposerViewModel model, ComposerTools tools) {
        this.node = node;
        this.model = model;
        FormField field = node.field();
        getStyleClass().add("slot");
        setId("slot-" + field.path().replace('.', '-'));
        if (field.canBeOff()) {
            getChildren().add(head());
        }
        if (node.on() && !(field.canBeOff() && field.choices().size() == 1)) {
            FieldRow row = new FieldRow(field, model, tools);
            rows.add(row);
            getChildren().add(row);
        }
        below = node.below().stream().map(child -> new SlotView(child, model, tools)).toList();
        getChildren().add(body());
        refusal.getStyleClass().add("refusal");
        refusal.setWrapText(true);
        refusal.setMinHeight(Region.USE_PREF_SIZE);
        refusal.setMaxWidth(Double.MAX_VALUE);
        getChildren().add(refusal);
    }

    /// What a switch governs is told while it is on; what is off is one line.
    private Node head() {
        FormField field = node.field();
        Label title = new Label(field.parameter().label());
        title.getStyleClass().add("term-title");
        title.setTooltip(new Tooltip(field.help()));
        ToggleSwitch on = new ToggleSwitch();
        on.setSelected(node.on());
        on.setAccessibleText(field.parameter().label());
        on.setMinWidth(Region.USE_PREF_SIZE);
        on.selectedProperty().subscribe((_, _) -> model.toggle(field));
        on.addEventHandler(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.SPACE || event.getCode() == KeyCode.ENTER) {
                        event.consume();
                        on.setSelected(!on.isSelected());
                    }
                });
        VBox words = new VBox(1, title);
        words.setMinWidth(0);
        words.setAlignment(Pos.CENTER_LEFT);
        if (node.on()) {
            Label help = new Label(field.parameter().help());
            help.getStyleClass().add("quiet");
            help.setMinWidth(0);
            help.setWrapText(true);
            help.setMinHeight(Region.USE_PREF_SIZE);
            words.getChildren().add(help);
        }
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox head = new HBox(8, words, on);
        head.setAlignment(Pos.CENTER_LEFT);
        return head;
    }

    /// Indented below the value that brings the settings along; a switch's words already set them
    /// apart.
    private Node body() {
        VBox body = new VBox(4);
        body.getChildren().addAll(below);
        body.setManaged(!below.isEmpty());
        body.setVisible(!below.isEmpty());
        if (!node.field().canBeOff()) {
            body.getStyleClass().add("governed");
        }
        return body;
    }

    boolean complains() {
        return refusal.isVisible()
                || rows.stream().anyMatch(FieldRow::complains)
                || below.stream().anyMatch(SlotView::complains);
    }

    void show() {
        rows.forEach(FieldRow::show);
        below.forEach(SlotView::show);
        boolean lower = below.stream().anyMatch(SlotView::complains);
        String words = lower ? "" : model.refusalAt(node.field());
        refusal.setText(words);
        refusal.setVisible(!words.isEmpty());
        refusal.setManaged(!words.isEmpty());
    }
}
