package dev.slimelab.app.compose;

import dev.slimelab.app.chart.LineChartView;
import dev.slimelab.app.chart.LineChartViewModel;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The right column while a run is composed. Its controls are built when the draft's shape changes,
/// and only filled in when values do.
public final class ComposerView extends VBox {
    private static final double FADED = 0.4;

    private final ComposerViewModel model;
    private final VBox form = new VBox();
    private final PresetChooser presets;
    private final ObjectProperty<List<String>> equations = new SimpleObjectProperty<>(List.of());
    private final FormulaView formula;
    private final LineChartViewModel pairLoss;
    private final LineChartViewModel tokenLoss;
    private final Map<String, LineChartView> microscopes;
    private final VBox warnings = new VBox(4);
    private final Label problem = new Label();
    private final VBox slots = new VBox(8);
    private final VBox sections = new VBox(4);
    private final List<FieldRow> rows = new ArrayList<>();
    private final List<SlotView> cards = new ArrayList<>();
    private final Set<String> unfolded = new HashSet<>();
    private List<Object> shape = List.of();

    /// @param start what the Start button does
    public ComposerView(ComposerViewModel model, Runnable start, ObservableValue<Theme> theme) {
        this.model = model;
        presets = new PresetChooser(model);
        formula = new FormulaView(equations, theme);
        pairLoss = new LineChartViewModel(LossMicroscope.contrast(null, null));
        tokenLoss = new LineChartViewModel(LossMicroscope.stabiliser(null, null));
        microscopes =
                Map.of(
                        "objective.contrast", microscope(pairLoss, theme),
                        "objective.stabiliser", microscope(tokenLoss, theme));
        getStyleClass().add("composer");
        form.getStyleClass().add("form");
        ScrollPane scroll = new ScrollPane(form);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        buildForm();
        getChildren().addAll(scroll, foot(start));
        model.draft().subscribe(_ -> show());
        model.problem().subscribe(this::showProblem);
    }

    private void buildForm() {
        Label title = new Label("New run");
        title.getStyleClass().add("column-title");
        FieldRow name = new FieldRow(model.name(), model);
        rows.add(name);
        warnings.getStyleClass().add("warnings");
        form.getChildren()
                .addAll(
                        title,
                        name,
                        head("Objective"),
                        presets,
                        formula,
                        warnings,
                        slots,
                        sections);
    }

    private Node foot(Runnable start) {
        problem.getStyleClass().add("complaint");
        problem.setWrapText(true);
        problem.setMinHeight(Region.USE_PREF_SIZE);
        Button go = Icons.button(Feather.PLAY, "Start", "Ctrl+Enter");
        go.setId("startDraft");
        go.getStyleClass().addAll("accent", "wide");
        go.setMaxWidth(Double.MAX_VALUE);
        go.disableProperty().bind(model.spec().isNull());
        go.setOnAction(_ -> start.run());
        HBox.setHgrow(go, Priority.ALWAYS);
        Button undo = Icons.iconButton(Feather.CORNER_UP_LEFT, "Undo", "Ctrl+Z");
        undo.setOnAction(_ -> model.undo());
        Button redo = Icons.iconButton(Feather.CORNER_UP_RIGHT, "Redo", "Ctrl+Y");
        redo.setOnAction(_ -> model.redo());
        VBox foot = new VBox(8, problem, new HBox(4, undo, redo, go));
        foot.getStyleClass().add("form-foot");
        return foot;
    }

    private static Label head(String words) {
        Label label = new Label(words);
        label.getStyleClass().add("section-title");
        return label;
    }

    private void showProblem(@Nullable Problem refused) {
        boolean placed =
                rows.stream().anyMatch(FieldRow::complains)
                        || cards.stream().anyMatch(SlotView::complains);
        boolean visible = refused != null && !placed;
        problem.setText(refused == null ? "" : refused.what() + " " + refused.remedy());
        problem.setVisible(visible);
        problem.setManaged(visible);
    }

    private void show() {
        List<List<FormNode>> cardsNow = model.cards();
        List<FormSection> sectionsNow = model.sections();
        List<Object> now =
                List.of(
                        cardsNow,
                        sectionsNow,
                        model.draft().get().text("adapter.kind"),
                        model.draft().get().text("data.format"));
        if (!now.equals(shape)) {
            shape = now;
            build(cardsNow, sectionsNow);
        }
        rows.forEach(FieldRow::show);
        cards.forEach(SlotView::show);
        presets.show();
        showFormula();
        showMicroscopes();
        showProblem(model.problem().get());
    }

    private static LineChartView microscope(
            LineChartViewModel figure, ObservableValue<Theme> theme) {
        LineChartView view = new LineChartView(figure, LineChartView.LegendUse.ALWAYS, theme);
        view.getStyleClass().addAll("small", "microscope");
        view.setMouseTransparent(true);
        return view;
    }

    private void showMicroscopes() {
        Objective now = model.objective().get();
        Objective before = model.objectiveBefore();
        pairLoss.show(LossMicroscope.contrast(now, before));
        tokenLoss.show(LossMicroscope.stabiliser(now, before));
    }

    /// Of an objective that is not legal there is no formula: the last one stays, faded.
    private void showFormula() {
        Objective objective = model.objective().get();
        equations.set(objective == null ? List.of() : Equations.of(objective));
        formula.setOpacity(model.objectiveHolds() ? 1 : FADED);
        warnings.getChildren()
                .setAll(model.warnings().stream().map(ComposerView::warning).toList());
        warnings.setManaged(!warnings.getChildren().isEmpty());
    }

    private static Label warning(String words) {
        Label label = new Label(words, Icons.icon(Feather.INFO));
        label.getStyleClass().add("warning");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.setGraphicTextGap(8);
        return label;
    }

    private void build(List<List<FormNode>> cardsNow, List<FormSection> sectionsNow) {
        rows.subList(1, rows.size()).clear();
        cards.clear();
        slots.getChildren().clear();
        for (List<FormNode> nodes : cardsNow) {
            List<SlotView> views = nodes.stream().map(node -> new SlotView(node, model)).toList();
            VBox card = new VBox(4);
            card.getStyleClass().add("term-card");
            card.getChildren().addAll(views);
            nodes.stream()
                    .filter(FormNode::on)
                    .map(node -> microscopes.get(node.field().path()))
                    .filter(Objects::nonNull)
                    .forEach(card.getChildren()::add);
            cards.addAll(views);
            slots.getChildren().add(card);
        }
        sections.getChildren().clear();
        sectionsNow.forEach(this::addSection);
    }

    private void addSection(FormSection section) {
        Label title = head(section.title());
        HBox line = new HBox(8, title);
        line.setAlignment(Pos.CENTER_LEFT);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        line.getChildren().add(gap);
        switch (section.title()) {
            case "Weights trained" -> line.getChildren().add(kinds());
            case "Data" -> line.getChildren().add(formats());
            default -> {
                // no choice beside the title
            }
        }
        sections.getChildren().add(line);
        section.fields().forEach(field -> addRow(sections, field));
        if (!section.more().isEmpty()) {
            addMore(section);
        }
    }

    private void addRow(VBox into, FormField field) {
        FieldRow row = new FieldRow(field, model);
        rows.add(row);
        into.getChildren().add(row);
    }

    private void addMore(FormSection section) {
        VBox more = new VBox(4);
        section.more().forEach(field -> addRow(more, field));
        Hyperlink link = new Hyperlink();
        link.getStyleClass().add("more");
        Runnable fold =
                () -> {
                    boolean open = unfolded.contains(section.title());
                    more.setVisible(open);
                    more.setManaged(open);
                    link.setText(open ? "Less" : "More (" + section.more().size() + ")");
                    link.setAccessibleText(link.getText() + " of " + section.title());
                    link.setVisited(false);
                };
        link.setOnAction(
                _ -> {
                    if (!unfolded.remove(section.title())) {
                        unfolded.add(section.title());
                    }
                    fold.run();
                });
        fold.run();
        sections.getChildren().addAll(more, link);
    }

    private HBox kinds() {
        FormField adapter = model.adapter();
        String now = adapter.word(model.draft().get());
        String lora = Settings.word(RunSpec.Adapter.Lora.class.getSimpleName());
        String full = Settings.word(RunSpec.Adapter.Full.class.getSimpleName());
        return segments(
                segment("LoRA", now.equals(lora), () -> model.choose(adapter, lora)),
                segment("All weights", now.equals(full), () -> model.choose(adapter, full)));
    }

    private HBox formats() {
        boolean builtIn = model.draft().get().text("data.format").equals(RunSpec.Data.TINY_LAB);
        return segments(
                segment("Built-in", builtIn, () -> model.chooseData(RunSpec.Data.TINY_LAB)),
                segment("File", !builtIn, () -> model.chooseData("auto")));
    }

    private static ToggleButton segment(String words, boolean on, Runnable choose) {
        ToggleButton button = new ToggleButton(words);
        button.setSelected(on);
        button.setOnAction(_ -> choose.run());
        return button;
    }

    private static HBox segments(ToggleButton left, ToggleButton right) {
        ToggleGroup group = new ToggleGroup();
        left.setToggleGroup(group);
        right.setToggleGroup(group);
        left.getStyleClass().addAll("left-pill", "small");
        right.getStyleClass().addAll("right-pill", "small");
        return new HBox(left, right);
    }
}
