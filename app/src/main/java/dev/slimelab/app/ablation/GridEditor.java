package dev.slimelab.app.ablation;

import dev.slimelab.app.ablation.AblationViewModel.Axis;
import dev.slimelab.app.ablation.AblationViewModel.Outcome;
import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.sweep.Template;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.controlsfx.control.textfield.TextFields;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/// A grid in the making: its name, what it starts from, settings with their values, seeds, and how
/// many runs that comes to.
final class GridEditor extends VBox {
    private static final String BUILT_IN = "the built-in model";
    private static final String DRAFT = "the composer's draft";

    private final AblationViewModel model;
    private final VBox axes = new VBox(6);
    private final Label rows = new Label();
    private final Label outcome = new Label();
    private final Button start = new Button("Queue runs", Icons.icon(Feather.PLAY));

    GridEditor(AblationViewModel model) {
        super(10);
        this.model = model;
        getStyleClass().addAll("card", "ablation-card");
        setId("gridEditor");
        Label title = new Label("New grid");
        title.getStyleClass().add("column-title");
        ComboBox<String> base = new ComboBox<>();
        base.getItems().setAll(BUILT_IN, DRAFT);
        base.setValue(BUILT_IN);
        base.setId("gridBase");
        base.valueProperty().subscribe(value -> model.fromDraft().set(DRAFT.equals(value)));
        TextField name = field("gridName", "");
        name.textProperty().bindBidirectional(model.name());
        TextField seeds = field("gridSeeds", "0, 1, 2");
        seeds.textProperty().bindBidirectional(model.seeds());
        rows.getStyleClass().add("quiet");
        rows.setWrapText(true);
        Button add = new Button("Add a setting", Icons.icon(Feather.PLUS));
        add.setId("addAxis");
        add.getStyleClass().add("flat");
        add.setOnAction(_ -> model.addAxis());
        outcome.setId("gridOutcome");
        outcome.setWrapText(true);
        outcome.setMinWidth(0);
        HBox.setHgrow(outcome, Priority.ALWAYS);
        start.setId("queueGrid");
        start.getStyleClass().add("accent");
        start.setMinWidth(USE_PREF_SIZE);
        start.setOnAction(_ -> model.start());
        HBox foot = new HBox(12, outcome, AblationView.gap(), start);
        foot.setAlignment(Pos.CENTER_LEFT);
        getChildren()
                .addAll(
                        title,
                        line("Name", name),
                        line("Starts from", base),
                        rows,
                        axes,
                        add,
                        line("Seeds", seeds),
                        foot);
        model.template().subscribe(this::showTemplate);
        model.axes().subscribe(this::showAxes);
        showAxes();
        model.outcome().subscribe(this::showOutcome);
    }

    private static TextField field(String id, String prompt) {
        TextField field = new TextField();
        field.setId(id);
        field.setPromptText(prompt);
        return field;
    }

    private static HBox line(String words, javafx.scene.control.Control control) {
        Label label = new Label(words);
        label.setLabelFor(control);
        control.setAccessibleText(words);
        label.getStyleClass().add("field-name");
        HBox line = new HBox(8, label, control);
        line.setAlignment(Pos.CENTER_LEFT);
        if (control instanceof TextField) {
            HBox.setHgrow(control, Priority.ALWAYS);
        }
        return line;
    }

    private void showTemplate(@Nullable Template template) {
        rows.setVisible(template != null);
        rows.setManaged(template != null);
        rows.setText(template == null ? "" : template.summary() + ". Settings below vary as well.");
    }

    private void showAxes() {
        List<Axis> now = model.axes();
        List<javafx.scene.Node> known =
                axes.getChildren().stream().filter(row -> now.contains(row.getUserData())).toList();
        axes.getChildren()
                .setAll(
                        now.stream()
                                .map(
                                        axis ->
                                                known.stream()
                                                        .filter(row -> row.getUserData() == axis)
                                                        .findFirst()
                                                        .orElseGet(() -> row(axis)))
                                .toList());
        axes.setVisible(!now.isEmpty());
        axes.setManaged(!now.isEmpty());
    }

    private HBox row(Axis axis) {
        TextField path = field("axisPath", "objective.stabiliser.p");
        path.setAccessibleText("Setting");
        path.textProperty().bindBidirectional(axis.path());
        path.getStyleClass().add("mono");
        TextFields.bindAutoCompletion(path, request -> model.complete(request.getUserText()));
        TextField values = field("axisValues", "1, 1.5, 2  or  1 to 3 by 0.5");
        values.setAccessibleText("Values");
        values.textProperty().bindBidirectional(axis.values());
        values.setTooltip(
                new Tooltip(
                        "A list, 1 to 3 by 0.5, or {\"from\": 1e-5, \"to\": 1e-3, \"points\": 5,"
                                + " \"scale\": \"logarithmic\"}"));
        path.setPrefColumnCount(18);
        values.setPrefColumnCount(12);
        HBox.setHgrow(path, Priority.ALWAYS);
        HBox.setHgrow(values, Priority.ALWAYS);
        Button remove = Icons.iconButton(Feather.X, "Remove the setting", "");
        remove.setOnAction(_ -> model.remove(axis));
        HBox row = new HBox(8, path, values, remove);
        row.setAlignment(Pos.CENTER_LEFT);
        row.setUserData(axis);
        return row;
    }

    private void showOutcome(Outcome now) {
        boolean good = now.sweep() != null;
        outcome.setText(now.words());
        outcome.getStyleClass().setAll("label", good ? "ablation-count" : "complaint");
        start.setDisable(!good);
        start.setText(
                good ? "Queue " + now.runs() + (now.runs() == 1 ? " run" : " runs") : "Queue runs");
    }
}
