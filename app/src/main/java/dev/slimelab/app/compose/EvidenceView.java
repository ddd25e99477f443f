package dev.slimelab.app.compose;

import dev.slimelab.app.compose.ComposerTools.Run;
import dev.slimelab.app.compose.EvidenceViewModel.State;
import dev.slimelab.app.look.Icons;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.List;

/// Where the values behind the microscopes come from, and the one thing to do about them.
final class EvidenceView extends VBox {
    private static final String DRAFT = "This draft's model and data";

    private final EvidenceViewModel model;
    private final ComboBox<Source> source = new ComboBox<>();
    private final VBox state = new VBox(4);
    private boolean showing;

    /// A run, or the draft itself.
    private record Source(@Nullable Run run) {
        String words() {
            return run == null ? DRAFT : "Recorded by " + run.name();
        }
    }

    EvidenceView(EvidenceViewModel model) {
        this.model = model;
        getStyleClass().addAll("term-card", "evidence");
        setId("evidence");
        Label title = new Label("Real pairs");
        title.getStyleClass().add("term-title");
        source.setId("evidenceSource");
        source.setAccessibleText("Where the real pairs come from");
        source.setMaxWidth(Double.MAX_VALUE);
        source.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Source chosen) {
                        return chosen == null ? "" : chosen.words();
                    }

                    @Override
                    public @Nullable Source fromString(String words) {
                        return null; // the list cannot be typed into
                    }
                });
        source.setOnAction(
                _ -> {
                    if (!showing && source.getValue() != null) {
                        model.choose(source.getValue().run());
                    }
                });
        getChildren().addAll(title, source, state);
        model.runs().subscribe(_ -> showSources());
        model.source().subscribe(_ -> showSources());
        model.state().subscribe(this::show);
    }

    private void showSources() {
        showing = true;
        List<Source> sources = new ArrayList<>();
        sources.add(new Source(null));
        model.runs().get().forEach(run -> sources.add(new Source(run)));
        if (!sources.equals(source.getItems())) {
            source.getItems().setAll(sources);
        }
        source.setValue(new Source(model.source().get()));
        showing = false;
    }

    private void show(State now) {
        state.getChildren()
                .setAll(
                        switch (now) {
                            case State.Looking() -> List.<Node>of(words("Looking for them."));
                            case State.NotMeasured() ->
                                    List.of(
                                            words(
                                                    "Not measured yet. The model reads some pairs"
                                                            + " of the data; nothing is trained."),
                                            action(
                                                    "Measure on "
                                                            + EvidenceViewModel.PAIRS
                                                            + " pairs"));
                            case State.Measuring() -> measuring();
                            case State.Measured(Evidence evidence) -> measured(evidence);
                            case State.Failed(var problem) -> {
                                Label why = words(problem.what() + " " + problem.remedy());
                                why.getStyleClass().setAll("label", "refusal");
                                why.setMaxWidth(Double.MAX_VALUE);
                                yield model.source().get() == null
                                        ? List.of(why, action("Measure again"))
                                        : List.of(why);
                            }
                        });
    }

    private List<Node> measuring() {
        ProgressBar bar = new ProgressBar();
        bar.setAccessibleText("Measuring");
        bar.getStyleClass().add("run-progress");
        bar.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(bar, Priority.ALWAYS);
        Button cancel = new Button("Cancel");
        cancel.setId("cancelMeasuring");
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.setOnAction(_ -> model.cancel());
        HBox line = new HBox(12, bar, cancel);
        line.setAlignment(Pos.CENTER_LEFT);
        return List.of(words("The model reads " + EvidenceViewModel.PAIRS + " pairs."), line);
    }

    private List<Node> measured(Evidence evidence) {
        if (model.source().get() != null) {
            return List.of(words(evidence.words() + "."));
        }
        Label words = words(evidence.words() + ".");
        HBox.setHgrow(words, Priority.ALWAYS);
        Button again = Icons.iconButton(Feather.REFRESH_CW, "Measure again", "");
        again.setOnAction(_ -> model.measure());
        HBox line = new HBox(8, words, again);
        line.setAlignment(Pos.CENTER_LEFT);
        return List.of(line);
    }

    private Button action(String words) {
        Button measure = Icons.button(Feather.CROSSHAIR, words, "");
        measure.setId("measure");
        measure.setMaxWidth(Double.MAX_VALUE);
        measure.disableProperty().bind(model.incomplete());
        measure.setOnAction(_ -> model.measure());
        return measure;
    }

    private static Label words(String text) {
        Label words = new Label(text);
        words.getStyleClass().add("quiet");
        words.setWrapText(true);
        words.setMinWidth(0);
        words.setMaxWidth(Double.MAX_VALUE);
        words.setMinHeight(Region.USE_PREF_SIZE);
        return words;
    }
}
