package dev.slimelab.app.compose;

import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.spec.RunSpec;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// The draft as a form. Its controls are built when the draft's shape changes, and only filled in
/// when values do.
final class FormView extends VBox {
    private static final String CONTRAST = "objective.contrast";
    private static final String STABILISER = "objective.stabiliser";
    private static final double FADED = 0.4;

    private final ComposerViewModel model;
    private final ComposerTools tools;
    private final PresetChooser presets;
    private final ObjectProperty<List<String>> equations = new SimpleObjectProperty<>(List.of());
    private final FormulaView formula;
    private final MicroscopeView contrast;
    private final MicroscopeView stabiliser;
    private final Map<String, MicroscopeView> microscopes;
    private final ModelFactsView facts;
    private final VBox warnings = new VBox(4);
    private final VBox slots = new VBox(8);
    private final VBox sections = new VBox(4);
    private final List<FieldRow> head = new ArrayList<>();
    private final List<FieldRow> rows = new ArrayList<>();
    private final List<Rest> rests = new ArrayList<>();
    private final List<SlotView> cards = new ArrayList<>();
    private final Set<String> unfolded = new HashSet<>();
    private List<Object> shape = List.of();

    FormView(ComposerViewModel model, ComposerTools tools, ObservableValue<Theme> theme) {
        this.model = model;
        this.tools = tools;
        presets = new PresetChooser(model);
        formula = new FormulaView(equations, theme);
        contrast = new MicroscopeView(LossMicroscope.contrast(null, null, null).figure(), theme);
        stabiliser =
                new MicroscopeView(LossMicroscope.stabiliser(null, null, null).figure(), theme);
        microscopes = Map.of(CONTRAST, contrast, STABILISER, stabiliser);
        facts = new ModelFactsView(tools.facts());
        getStyleClass().add("form");
        FormLayout.head().forEach(field -> head.add(new FieldRow(field, model, tools)));
        VBox run = new VBox(4);
        run.getChildren().addAll(head);
        warnings.getStyleClass().add("warnings");
        getChildren()
                .addAll(
                        run,
                        title("Objective"),
                        presets,
                        formula,
                        warnings,
                        new EvidenceView(tools.evidence()),
                        slots,
                        sections);
        model.draft().subscribe(_ -> show());
        tools.evidence().state().subscribe(_ -> showMicroscopes());
    }

    private static Label title(String words) {
        Label label = new Label(words);
        label.getStyleClass().add("section-title");
        return label;
    }

    /// Whether what is wrong is said at a setting that can be seen.
    boolean complains() {
        return Stream.concat(head.stream(), rows.stream()).anyMatch(FieldRow::complains)
                || cards.stream().anyMatch(SlotView::complains);
    }

    private void show() {
        List<List<FormNode>> cardsNow = model.cards();
        List<FormSection> sectionsNow = model.sections();
        List<Object> now =
                List.of(
                        cardsNow,
                        sectionsNow,
                        model.draft().get().text("adapter.kind"),
                        model.draft().get().text("data.format").equals(RunSpec.Data.TINY_LAB));
        if (!now.equals(shape)) {
            shape = now;
            keepingFocus(() -> build(cardsNow, sectionsNow));
        }
        head.forEach(FieldRow::show);
        rows.forEach(FieldRow::show);
        rests.forEach(Rest::fold);
        cards.forEach(SlotView::show);
        presets.show();
        showFormula();
        showMicroscopes();
    }

    /// Builds controls anew and gives the focus back to the one that takes the place of its owner.
    private void keepingFocus(Runnable build) {
        Node owner = getScene() == null ? null : getScene().getFocusOwner();
        Node part = owner;
        while (part != null && (part.getId() == null || !part.getId().matches("(slot|field)-.*"))) {
            part = part.getParent();
        }
        build.run();
        if (owner != null && part != null && lookup("#" + part.getId()) instanceof Parent same) {
            same.lookupAll("*").stream()
                    .filter(node -> node.getClass() == owner.getClass())
                    .filter(Node::isFocusTraversable)
                    .filter(node -> !(node instanceof ToggleButton one) || one.isSelected())
                    .findFirst()
                    .ifPresent(Node::requestFocus);
        }
    }

    private void showMicroscopes() {
        Objective now = model.objective().get();
        Objective before = model.objectiveBefore();
        Evidence real = tools.evidence().evidence();
        contrast.show(LossMicroscope.contrast(now, before, real), "pairs");
        stabiliser.show(LossMicroscope.stabiliser(now, before, real), "tokens");
    }

    /// Of an objective that is not legal there is no formula: the last one stays, faded.
    private void showFormula() {
        Objective objective = model.objective().get();
        equations.set(objective == null ? List.of() : Equations.of(objective));
        formula.setOpacity(model.objectiveHolds() ? 1 : FADED);
        warnings.getChildren().setAll(model.warnings().stream().map(FormView::warning).toList());
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
        rows.clear();
        cards.clear();
        slots.getChildren().clear();
        for (List<FormNode> nodes : cardsNow) {
            List<SlotView> views =
                    nodes.stream().map(node -> new SlotView(node, model, tools)).toList();
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
        rests.clear();
        sections.getChildren().clear();
        sectionsNow.forEach(this::addSection);
    }

    private void addSection(FormSection section) {
        Label title = title(section.title());
        HBox line = new HBox(8, title);
        line.setAlignment(Pos.CENTER_LEFT);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        line.getChildren().add(gap);
        switch (section.title()) {
            case FormLayout.ADAPTER -> line.getChildren().add(kinds());
            case FormLayout.DATA -> line.getChildren().add(formats());
            default -> {
                // no choice beside the title
            }
        }
        sections.getChildren().add(line);
        section.fields().forEach(field -> sections.getChildren().add(row(field)));
        if (!section.more().isEmpty()) {
            Rest rest = new Rest(section);
            rests.add(rest);
            sections.getChildren().addAll(rest, rest.link);
        }
        if (section.title().equals(FormLayout.MODEL)) {
            sections.getChildren().add(facts);
        }
    }

    private FieldRow row(FormField field) {
        FieldRow row = new FieldRow(field, model, tools);
        rows.add(row);
        return row;
    }

    /// The settings of a section that are seldom changed, folded away until asked for or until one
    /// of them is wrong. What is folded away is not in the window: controls that nobody sees cost
    /// as much as others.
    private final class Rest extends VBox {
        private final FormSection section;
        private final List<FieldRow> rest;
        private final VBox fields = new VBox(4);
        private final Hyperlink link = new Hyperlink();

        Rest(FormSection section) {
            this.section = section;
            rest = section.more().stream().map(FormView.this::row).toList();
            fields.getChildren().addAll(rest);
            link.getStyleClass().add("more");
            link.setOnAction(
                    _ -> {
                        if (!unfolded.remove(section.title())) {
                            unfolded.add(section.title());
                        }
                        fold();
                    });
            fold();
        }

        void fold() {
            if (rest.stream().anyMatch(FieldRow::complains)) {
                unfolded.add(section.title());
            }
            boolean open = unfolded.contains(section.title());
            setManaged(open);
            if (open == getChildren().isEmpty()) {
                getChildren().setAll(open ? List.of(fields) : List.of());
            }
            link.setText(open ? "Less" : "More (" + rest.size() + ")");
            link.setAccessibleText(link.getText() + " of " + section.title());
            link.setVisited(false);
        }
    }

    private HBox kinds() {
        FormField adapter = model.adapter();
        String now = adapter.word(model.draft().get());
        String lora = Settings.word(RunSpec.Adapter.Lora.class.getSimpleName());
        String full = Settings.word(RunSpec.Adapter.Full.class.getSimpleName());
        return segments(
                "slot-adapter-kinds",
                segment(adapter.called(lora), now.equals(lora), () -> model.choose(adapter, lora)),
                segment(adapter.called(full), now.equals(full), () -> model.choose(adapter, full)));
    }

    private HBox formats() {
        boolean builtIn = model.draft().get().text("data.format").equals(RunSpec.Data.TINY_LAB);
        return segments(
                "slot-data-kinds",
                segment("Built-in", builtIn, () -> model.chooseData(RunSpec.Data.TINY_LAB)),
                segment("File", !builtIn, () -> model.chooseData("auto")));
    }

    /// One of several choices that exclude each other: made by a press or by the arrow keys.
    static ToggleButton segment(String words, boolean on, Runnable choose) {
        ToggleButton button = new ToggleButton(words);
        button.setSelected(on);
        button.selectedProperty()
                .subscribe(
                        (_, now) -> {
                            if (now) {
                                choose.run();
                            }
                        });
        button.setOnAction(_ -> button.setSelected(true)); // pressed again it stays
        return button;
    }

    private static HBox segments(String id, ToggleButton left, ToggleButton right) {
        ToggleGroup group = new ToggleGroup();
        left.setToggleGroup(group);
        right.setToggleGroup(group);
        left.getStyleClass().addAll("left-pill", "small");
        right.getStyleClass().addAll("right-pill", "small");
        HBox segments = new HBox(left, right);
        segments.setId(id);
        return segments;
    }
}
