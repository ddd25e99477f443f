package dev.slimelab.app.compose;

import dev.slimelab.app.compose.ModelFacts.Line;
import dev.slimelab.app.compose.ModelFactsViewModel.State;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// The model's numbers, below its folder.
final class ModelFactsView extends VBox {
    private static final double FADED = 0.5;

    ModelFactsView(ModelFactsViewModel model) {
        getStyleClass().addAll("term-card", "model-facts");
        setId("modelFacts");
        model.state().subscribe(this::show);
    }

    private void show(State state) {
        setOpacity(state instanceof State.Reading ? FADED : 1);
        getChildren()
                .setAll(
                        switch (state) {
                            case State.Nothing() ->
                                    List.of(words("Choose a model folder to see its numbers."));
                            case State.Reading(var before) ->
                                    before == null
                                            ? List.of(words("Reading the model's files."))
                                            : facts(before);
                            case State.Known(var facts) -> facts(facts);
                            case State.Failed(var problem) -> {
                                Label why = words(problem.what() + " " + problem.remedy());
                                why.getStyleClass().setAll("label", "refusal");
                                yield List.of(why);
                            }
                        });
    }

    private static List<Node> facts(ModelFacts facts) {
        List<Node> nodes = new ArrayList<>();
        facts.model().forEach(line -> nodes.add(line(line)));
        ModelFacts.@Nullable Memory memory = facts.memory();
        if (memory != null) {
            Label title = new Label("Memory of parameters");
            title.getStyleClass().addAll("term-title", "facts-title");
            nodes.add(title);
            ModelFacts.lines(memory).forEach(line -> nodes.add(line(line)));
            nodes.add(
                    words(
                            "By arithmetic. Activations, a reference model of its own and the"
                                    + " libraries come on top; they depend on batch and row"
                                    + " length."));
        }
        return nodes;
    }

    private static Node line(Line line) {
        Label name = new Label(line.name());
        name.getStyleClass().add("quiet");
        name.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        gap.setMinWidth(8);
        HBox.setHgrow(gap, Priority.ALWAYS);
        Label value = new Label(line.value());
        value.getStyleClass().add("fact");
        Label unit = new Label(line.unit());
        unit.getStyleClass().addAll("unit", "fact-unit");
        HBox row = new HBox(4, name, gap, value, unit);
        row.setAlignment(Pos.BASELINE_LEFT);
        return row;
    }

    /// A sentence that wraps.
    static Label words(String text) {
        Label words = new Label(text);
        words.getStyleClass().add("quiet");
        words.setWrapText(true);
        words.setMaxWidth(Double.MAX_VALUE);
        words.setMinHeight(Region.USE_PREF_SIZE);
        return words;
    }
}
