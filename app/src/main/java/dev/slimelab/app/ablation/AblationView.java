package dev.slimelab.app.ablation;

import dev.slimelab.app.ablation.SweepReader.Found;
import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.sweep.Template;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.nio.file.Path;

/// The page of ablations: which sweep, then either the grid in the making or queue and results.
public final class AblationView extends VBox {
    private final AblationViewModel model;
    private final ComboBox<Path> chooser = new ComboBox<>();
    private final VBox content = new VBox(12);
    private final GridEditor editor;
    private final QueueView queue;
    private final ResultView results;
    private final Label complaint = new Label();
    private final HBox notice = new HBox(8);
    private boolean choosing;

    public AblationView(AblationViewModel model) {
        this.model = model;
        editor = new GridEditor(model);
        queue = new QueueView(model);
        results = new ResultView(model);
        getStyleClass().add("ablations");
        setId("ablations");
        complaint.getStyleClass().add("refusal");
        complaint.setWrapText(true);
        complaint.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(complaint, Priority.ALWAYS);
        Button dismiss = Icons.iconButton(Feather.X, "Dismiss the notice", "");
        dismiss.setOnAction(_ -> model.dismissNotice());
        notice.getChildren().addAll(complaint, dismiss);
        content.getStyleClass().add("ablation-content");
        ScrollPane scroll = new ScrollPane(content);
        scroll.setAccessibleText("Grid, queue and results");
        scroll.setFocusTraversable(true);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().addAll(head(), notice, scroll);
        model.sweeps().subscribe(this::showSweeps);
        model.selected().subscribe(_ -> showSweeps());
        model.editing().subscribe(_ -> showContent());
        model.loaded().subscribe(_ -> showContent());
        model.shown().subscribe(_ -> showContent());
        model.notice().subscribe(this::showNotice);
    }

    private Region head() {
        chooser.setId("sweep");
        chooser.setAccessibleText("Sweep");
        chooser.setPromptText("No sweeps yet");
        chooser.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Path path) {
                        return path == null ? "" : title(path);
                    }

                    @Override
                    public @Nullable Path fromString(String text) {
                        return null; // not editable
                    }
                });
        chooser.valueProperty()
                .subscribe(
                        path -> {
                            if (path != null && !choosing) {
                                model.selected().set(path);
                                model.editing().set(false);
                            }
                        });
        Button begin = new Button("New grid", Icons.icon(Feather.PLUS));
        begin.setId("newGrid");
        begin.setOnAction(_ -> model.newGrid());
        FlowPane line = new FlowPane(8, 8, chooser, begin);
        line.setAlignment(Pos.CENTER_LEFT);
        for (Template template : Template.values()) {
            Button button = new Button(caption(template));
            button.setId("template-" + template.word());
            button.getStyleClass().add("flat");
            button.setTooltip(new Tooltip(template.summary()));
            button.setOnAction(_ -> model.take(template));
            line.getChildren().add(button);
        }
        return line;
    }

    private static String caption(Template template) {
        return switch (template) {
            case TABLE4 -> "Table 4";
            case TABLE5 -> "Table 5";
            case SIMPO -> "SimPO search";
        };
    }

    private String title(Path path) {
        return model.sweeps().stream()
                .filter(found -> found.folder().path().equals(path))
                .findFirst()
                .map(found -> found.folder().name() + (found.sample() ? " · sample" : ""))
                .orElse(path.getFileName().toString());
    }

    private void showSweeps() {
        choosing = true;
        chooser.getItems()
                .setAll(model.sweeps().stream().map(Found::folder).map(f -> f.path()).toList());
        chooser.setValue(model.selected().get());
        chooser.setDisable(chooser.getItems().isEmpty());
        choosing = false;
    }

    private void showContent() {
        if (model.editing().get()) {
            show(editor);
        } else if (!model.loaded().get() || model.shown().get() == null) {
            Label waiting =
                    new Label(
                            model.loaded().get() && model.selected().get() == null
                                    ? "Choose a sweep, or begin a grid."
                                    : "Reading sweeps…");
            waiting.getStyleClass().add("quiet");
            show(waiting);
        } else {
            show(queue, results);
        }
    }

    private void show(Node... nodes) {
        if (!content.getChildren().equals(java.util.List.of(nodes))) {
            content.getChildren().setAll(nodes);
        }
    }

    private void showNotice(@Nullable Problem problem) {
        notice.setVisible(problem != null);
        notice.setManaged(problem != null);
        complaint.setText(problem == null ? "" : problem.what() + " " + problem.remedy());
    }

    static Region gap() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        return gap;
    }
}
