package dev.slimelab.app.live;

import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.token.ShadeScale;
import dev.slimelab.app.token.TokenCanvas;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/// A probe pair as a heat map of its tokens, scrubbed through training.
final class TokensView extends VBox {
    private final TokensViewModel model;
    private final TokenCanvas canvas;
    private final Label prompt = new Label();
    private final Label instead = new Label();
    private final Label pairWords = new Label();
    private final ComboBox<String> quantity = new ComboBox<>();
    private final ShadeScale scale;
    private final VBox content;
    private boolean showing;

    TokensView(TokensViewModel model, ObservableValue<Theme> theme) {
        super(8);
        this.model = model;
        getStyleClass().addAll("card", "tokens");
        canvas = new TokenCanvas(theme);
        canvas.setId("tokens");
        scale = new ShadeScale(theme);
        prompt.setWrapText(true);
        prompt.getStyleClass().addAll("mono", "token-prompt");
        prompt.setMinHeight(Region.USE_PREF_SIZE);
        ToggleButton numbers = new ToggleButton("Numbers");
        numbers.setSelected(true);
        numbers.setTooltip(new Tooltip("Writes each token's number below it"));
        numbers.selectedProperty().subscribe(canvas::setNumbers);
        quantity.setAccessibleText("What the shades tell");
        quantity.setId("tokenQuantity");
        HBox pairs = new HBox(8, turn(-1), pairWords, turn(1));
        pairs.setAlignment(Pos.CENTER_LEFT);
        pairWords.setMinWidth(Region.USE_PREF_SIZE);
        FlowPane controls = new FlowPane(8, 8, pairs, quantity, numbers, scale);
        controls.setAlignment(Pos.CENTER_LEFT);
        controls.setMinHeight(Region.USE_PREF_SIZE);
        StepSlider slider = new StepSlider(model.steps(), model.chosenStep());
        slider.setId("tokenStep");
        VBox.setVgrow(canvas, Priority.ALWAYS);
        content = new VBox(8, controls, slider, prompt, canvas);
        instead.getStyleClass().add("chart-empty");
        instead.setWrapText(true);
        StackPane both = new StackPane(content, instead);
        VBox.setVgrow(both, Priority.ALWAYS);
        getChildren().add(both);
        quantity.getSelectionModel()
                .selectedIndexProperty()
                .subscribe(index -> choose(index.intValue()));
        model.quantities().subscribe(this::offer);
        model.quantity().subscribe(_ -> offer(model.quantities().get()));
        model.pair().subscribe(_ -> showPair());
        model.pairs().subscribe(_ -> showPair());
        model.picture().subscribe(this::show);
        model.instead()
                .subscribe(
                        words -> {
                            instead.setText(words);
                            instead.setVisible(!words.isEmpty());
                        });
        setVisible(false);
        visibleProperty().subscribe(model::look);
    }

    private Button turn(int by) {
        Button button =
                by < 0
                        ? Icons.iconButton(Feather.CHEVRON_LEFT, "Previous pair", "")
                        : Icons.iconButton(Feather.CHEVRON_RIGHT, "Next pair", "");
        button.setId(by < 0 ? "previousPair" : "nextPair");
        button.setOnAction(_ -> model.turn(by));
        return button;
    }

    private void showPair() {
        pairWords.setText(
                "pair "
                        + Numbers.fixed(model.pair().get() + 1.0, 0)
                        + " of "
                        + Numbers.fixed(model.pairs().get(), 0));
    }

    private void offer(List<ProbePicture.Quantity> offered) {
        showing = true;
        List<String> names = offered.stream().map(ProbePicture.Quantity::name).toList();
        if (!quantity.getItems().equals(names)) {
            quantity.getItems().setAll(names);
        }
        quantity.getSelectionModel().select(offered.indexOf(model.quantity().get()));
        showing = false;
    }

    private void choose(int index) {
        if (!showing && index >= 0) {
            model.quantity().set(model.quantities().get().get(index));
        }
    }

    private void show(@Nullable ProbePicture picture) {
        content.setVisible(picture != null);
        canvas.show(picture == null ? null : picture.tokens());
        if (picture != null) {
            prompt.setText(picture.prompt());
            scale.show(picture.tokens().legend());
        }
    }
}
