package dev.slimelab.app.playground;

import dev.slimelab.app.look.Choosing;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.playground.PlayColumn.Choice;
import dev.slimelab.app.playground.PlayColumn.Fact;
import dev.slimelab.app.playground.PlayColumn.Shown;
import dev.slimelab.app.token.TokenCanvas;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

import org.kordamp.ikonli.feather.Feather;

import java.nio.file.Path;
import java.util.List;

/// One model of the playground: which it is, what it has written, and what that comes to.
final class ColumnView extends VBox {
    private final PlaygroundViewModel model;
    private final PlayColumn column;
    private final String letter;
    private final Chooser<Source> source;
    private final Chooser<String> state;
    private final TokenCanvas canvas;
    private final Label instead = new Label();
    private final Button copy;
    private final FlowPane facts = new FlowPane(12, 2);

    ColumnView(
            PlaygroundViewModel model, PlayColumn column, int index, ObservableValue<Theme> theme) {
        super(8);
        this.model = model;
        this.column = column;
        letter = PlaygroundViewModel.letter(index);
        setId("play" + letter);
        getStyleClass().addAll("card", "play-column");
        source =
                new Chooser<>(
                        "Run or model of " + letter,
                        Source::name,
                        chosen -> model.choose(column, chosen));
        source.setId("source" + letter);
        source.setPromptText("Run or model");
        state =
                new Chooser<>(
                        "State of " + letter,
                        ColumnView::words,
                        chosen -> model.choose(column, chosen));
        state.setId("state" + letter);
        state.setPromptText("State");
        canvas = new TokenCanvas(theme);
        canvas.setNumbers(false);
        copy = Icons.iconButton(Feather.COPY, "Copy the answer of " + letter, "");
        copy.setOnAction(_ -> copyText());
        instead.setWrapText(true);
        facts.getStyleClass().add("play-facts");
        StackPane answer = new StackPane(canvas, instead);
        VBox.setVgrow(answer, Priority.ALWAYS);
        getChildren().addAll(which(), states(index), answer, facts);
        column.choice().subscribe(this::show);
        column.shown().subscribe(this::show);
    }

    private HBox which() {
        Label name = new Label(letter);
        name.getStyleClass().add("play-letter");
        HBox.setHgrow(source, Priority.ALWAYS);
        Button folder = Icons.iconButton(Feather.FOLDER, "Choose a folder for " + letter, "");
        folder.setOnAction(_ -> chooseFolder());
        HBox line = new HBox(8, name, source, folder);
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private HBox states(int index) {
        HBox.setHgrow(state, Priority.ALWAYS);
        HBox line = new HBox(8, state, copy);
        line.setAlignment(Pos.CENTER_LEFT);
        if (index >= PlaygroundViewModel.FEWEST) {
            Button remove = Icons.iconButton(Feather.X, "Remove column " + letter, "");
            remove.setOnAction(_ -> model.remove(column));
            line.getChildren().add(remove);
        }
        return line;
    }

    private static String words(String state) {
        return state.equals(Playable.RESULT)
                ? "result"
                : state.startsWith(Playable.STEP)
                        ? "step " + Integer.parseInt(state.substring(Playable.STEP.length()))
                        : "base, before training";
    }

    private void chooseFolder() {
        String chosen = Choosing.folder(getScene().getWindow(), "Choose a run or a model folder");
        if (chosen != null) {
            model.choose(column, Path.of(chosen));
        }
    }

    private void copyText() {
        ClipboardContent content = new ClipboardContent();
        content.putString(column.text());
        Clipboard.getSystemClipboard().setContent(content);
    }

    /// What can be chosen has changed.
    void offer(List<Source> sources) {
        source.show(sources, column.choice().get().source());
    }

    private void show(Choice choice) {
        source.show(model.sources().get(), choice.source());
        state.show(choice.states(), choice.state());
        state.setDisable(choice.states().size() < 2);
    }

    private void show(Shown shown) {
        canvas.show(shown.picture());
        instead.setText(shown.instead());
        instead.setVisible(!shown.instead().isEmpty());
        instead.getStyleClass().setAll("label", shown.isTrouble() ? "refusal" : "chart-empty");
        StackPane.setAlignment(instead, shown.picture() == null ? Pos.CENTER : Pos.BOTTOM_LEFT);
        copy.setDisable(column.text().isEmpty());
        facts.getChildren().setAll(shown.facts().stream().map(ColumnView::fact).toList());
    }

    private static TextFlow fact(Fact fact) {
        Text value = new Text(fact.value().isEmpty() ? "" : fact.value() + " ");
        value.getStyleClass().add("play-value");
        Text words = new Text(fact.words());
        words.getStyleClass().add("play-words");
        TextFlow flow = new TextFlow(value, words);
        flow.setAccessibleText(fact.value() + " " + fact.words());
        return flow;
    }
}
