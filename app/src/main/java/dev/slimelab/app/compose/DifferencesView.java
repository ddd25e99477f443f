package dev.slimelab.app.compose;

import dev.slimelab.app.compose.ComposerTools.Run;
import dev.slimelab.app.compose.DifferencesViewModel.Difference;
import dev.slimelab.app.compose.DifferencesViewModel.State;
import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.problem.Problem;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

/// What tells the draft from a run, setting by setting.
final class DifferencesView extends VBox {
    private final DifferencesViewModel model;
    private final ComboBox<Run> other = new ComboBox<>();
    private final VBox list = new VBox();
    private boolean showing;

    DifferencesView(DifferencesViewModel model) {
        this.model = model;
        getStyleClass().add("differences");
        other.setId("differenceFrom");
        other.setAccessibleText("The run to compare with");
        other.setPromptText("Choose a run");
        other.setMaxWidth(Double.MAX_VALUE);
        other.setOnAction(
                _ -> {
                    if (!showing && other.getValue() != null) {
                        model.choose(other.getValue());
                    }
                });
        list.getStyleClass().add("form");
        ScrollPane scroll = new ScrollPane(list);
        scroll.setAccessibleText("Differences");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        VBox head = new VBox(other);
        head.getStyleClass().add("differences-head");
        getChildren().addAll(head, scroll);
        model.others().subscribe(_ -> showOthers());
        model.other().subscribe(_ -> showOthers());
        model.state().subscribe(_ -> show());
    }

    private void showOthers() {
        showing = true;
        if (!model.others().get().equals(other.getItems())) {
            other.getItems().setAll(model.others().get());
        }
        other.setValue(model.other().get());
        showing = false;
    }

    private void show() {
        switch (model.state().get()) {
            case State.None() ->
                    say("Choose a run to see the settings in which the draft differs.");
            case State.Reading() -> say("Its settings are being read.");
            case State.Failed(Problem problem) -> say(problem.what() + " " + problem.remedy());
            case State.Compared(var _, var differences) when differences.isEmpty() ->
                    say("The draft has the same settings as " + other.getValue() + ".");
            case State.Compared(var _, var differences) ->
                    list.getChildren().setAll(differences.stream().map(this::row).toList());
        }
    }

    private void say(String text) {
        Label words = new Label(text);
        words.getStyleClass().add("quiet");
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        list.getChildren().setAll(words);
    }

    private Node row(Difference difference) {
        Label path = new Label(difference.path());
        path.getStyleClass().add("path-title");
        path.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
        path.setTooltip(new Tooltip(difference.path()));
        path.setMinWidth(0);
        path.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(path, Priority.ALWAYS);
        Button take =
                Icons.iconButton(
                        Feather.CORNER_DOWN_LEFT,
                        "Take the run's value of " + difference.path(),
                        "");
        take.setOnAction(_ -> model.take(difference));
        HBox head = new HBox(8, path, take);
        head.setAlignment(Pos.CENTER_LEFT);
        return new VBox(head, side("draft", difference.here()), side("run", difference.there()));
    }

    private static Node side(String whose, String value) {
        Label name = new Label(whose);
        name.getStyleClass().addAll("unit", "whose");
        Label text = new Label(value);
        text.setWrapText(true);
        text.setMinHeight(Region.USE_PREF_SIZE);
        text.setMinWidth(0);
        HBox row = new HBox(8, name, text);
        row.setAlignment(Pos.BASELINE_LEFT);
        return row;
    }
}
