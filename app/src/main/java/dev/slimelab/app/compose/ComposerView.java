package dev.slimelab.app.compose;

import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.RunSpec;
import dev.slimelab.engine.spec.SpecText.Format;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// The right column while a run is composed. Its controls are built when the draft's shape changes,
/// and only filled in when values do.
public final class ComposerView extends VBox {
    private static final String CONTRAST = "objective.contrast";
    private static final String STABILISER = "objective.stabiliser";
    private static final double FADED = 0.4;

    /// What the column shows of the draft.
    private enum Mode {
        FORM("Form"),
        JSON("JSON"),
        YAML("YAML"),
        DIFFERENCES("Differences");

        private final String label;

        Mode(String label) {
            this.label = label;
        }
    }

    private final ComposerViewModel model;
    private final ComposerTools tools;
    private final VBox form = new VBox();
    private final StackPane shown = new StackPane();
    private final Map<Mode, Node> bodies = new EnumMap<>(Mode.class);
    private final Map<Mode, ToggleButton> modes = new EnumMap<>(Mode.class);
    private final PresetChooser presets;
    private final ObjectProperty<List<String>> equations = new SimpleObjectProperty<>(List.of());
    private final FormulaView formula;
    private final MicroscopeView contrast;
    private final MicroscopeView stabiliser;
    private final Map<String, MicroscopeView> microscopes;
    private final EvidenceView evidence;
    private final ModelFactsView facts;
    private final VBox warnings = new VBox(4);
    private final Label problem = new Label();
    private final HBox unread = new HBox(8);
    private final VBox slots = new VBox(8);
    private final VBox sections = new VBox(4);
    private final List<FieldRow> rows = new ArrayList<>();
    private final List<FieldRow> lasting = new ArrayList<>();
    private final List<SlotView> cards = new ArrayList<>();
    private final Set<String> unfolded = new HashSet<>();
    private List<Object> shape = List.of();
    private Mode mode = Mode.FORM;

    /// @param start what the Start button does
    public ComposerView(
            ComposerViewModel model,
            ComposerTools tools,
            Runnable start,
            ObservableValue<Theme> theme) {
        this.model = model;
        this.tools = tools;
        presets = new PresetChooser(model);
        formula = new FormulaView(equations, theme);
        contrast = new MicroscopeView(LossMicroscope.contrast(null, null, null).figure(), theme);
        stabiliser =
                new MicroscopeView(LossMicroscope.stabiliser(null, null, null).figure(), theme);
        microscopes = Map.of(CONTRAST, contrast, STABILISER, stabiliser);
        evidence = new EvidenceView(tools.evidence());
        facts = new ModelFactsView(tools.facts());
        getStyleClass().add("composer");
        form.getStyleClass().add("form");
        ScrollPane scroll = new ScrollPane(form);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        SpecTextView text = new SpecTextView(tools.text(), model::settle);
        bodies.put(Mode.FORM, scroll);
        bodies.put(Mode.JSON, text);
        bodies.put(Mode.YAML, text);
        bodies.put(Mode.DIFFERENCES, new DifferencesView(tools.differences()));
        VBox.setVgrow(shown, Priority.ALWAYS);
        buildForm();
        getChildren().addAll(top(), shown, foot(start));
        show(Mode.FORM);
        model.draft().subscribe(_ -> show());
        model.problem().subscribe(this::showProblem);
        tools.templates().problem().subscribe(_ -> showProblem(model.problem().get()));
        tools.unkept().subscribe(_ -> showProblem(model.problem().get()));
        tools.text().unread().subscribe(_ -> showUnread());
        tools.evidence().state().subscribe(_ -> showMicroscopes());
    }

    private void buildForm() {
        VBox head = new VBox(4);
        for (FormField field : FormLayout.head()) {
            FieldRow row = new FieldRow(field, model, tools.recent());
            lasting.add(row);
            head.getChildren().add(row);
        }
        warnings.getStyleClass().add("warnings");
        form.getChildren()
                .addAll(
                        head,
                        head("Objective"),
                        presets,
                        formula,
                        warnings,
                        evidence,
                        slots,
                        sections);
    }

    /// Title, templates, and what is shown of the draft.
    private Node top() {
        Label title = new Label("New run");
        title.getStyleClass().add("column-title");
        title.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        TemplateMenu templates = new TemplateMenu(tools.templates());
        HBox line = new HBox(8, title, gap, templates.button());
        line.setAlignment(Pos.CENTER_LEFT);
        HBox choice = new HBox();
        choice.getStyleClass().add("modes");
        ToggleGroup group = new ToggleGroup();
        for (Mode each : Mode.values()) {
            ToggleButton button = segment(each.label, each == mode, () -> show(each));
            button.setToggleGroup(group);
            button.setId("mode" + each.label);
            button.getStyleClass()
                    .addAll(
                            "small",
                            each == Mode.FORM
                                    ? "left-pill"
                                    : each == Mode.DIFFERENCES ? "right-pill" : "center-pill");
            button.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(button, Priority.ALWAYS);
            modes.put(each, button);
            choice.getChildren().add(button);
        }
        unread.setId("unread");
        unread.getStyleClass().add("unread");
        unread.setAlignment(Pos.CENTER_LEFT);
        VBox top = new VBox(8, line, templates.naming(), choice, unread);
        top.getStyleClass().add("composer-top");
        return top;
    }

    private void show(Mode next) {
        mode = next;
        modes.forEach((each, button) -> button.setSelected(each == next));
        switch (next) {
            case JSON -> tools.text().show(Format.JSON);
            case YAML -> tools.text().show(Format.YAML);
            case FORM, DIFFERENCES -> tools.text().hide();
        }
        shown.getChildren().setAll(Objects.requireNonNull(bodies.get(next)));
        showUnread();
        showProblem(model.problem().get());
    }

    private boolean writing() {
        return mode == Mode.JSON || mode == Mode.YAML;
    }

    /// While a text cannot be read, the form of the draft before it waits.
    private void showUnread() {
        boolean waits = tools.text().unread().get() != null;
        form.setDisable(waits);
        boolean visible = waits && !writing();
        unread.setVisible(visible);
        unread.setManaged(visible);
        if (visible && unread.getChildren().isEmpty()) {
            Label words = new Label("The text has an error and is not in this form.");
            words.setWrapText(true);
            words.setMinHeight(Region.USE_PREF_SIZE);
            words.setMinWidth(0);
            HBox.setHgrow(words, Priority.ALWAYS);
            Button mend = new Button("Mend");
            mend.setOnAction(
                    _ -> show(tools.text().format() == Format.YAML ? Mode.YAML : Mode.JSON));
            Button discard = new Button("Discard");
            discard.setOnAction(_ -> tools.text().discard());
            for (Button button : new Button[] {mend, discard}) {
                button.setMinWidth(Region.USE_PREF_SIZE);
            }
            unread.getChildren().addAll(words, mend, discard);
        }
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

    /// What is wrong and is not said elsewhere: at its field, or below the text.
    private void showProblem(@Nullable Problem draft) {
        boolean placed =
                writing()
                        || (mode == Mode.FORM
                                && (Stream.concat(lasting.stream(), rows.stream())
                                                .anyMatch(FieldRow::complains)
                                        || cards.stream().anyMatch(SlotView::complains)));
        Problem template = tools.templates().problem().get();
        Problem aside = template == null ? tools.unkept().get() : template;
        Problem refused = aside == null ? draft : aside;
        boolean visible = refused != null && (aside != null || !placed);
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
            keepingFocus(() -> build(cardsNow, sectionsNow));
        }
        lasting.forEach(FieldRow::show);
        rows.forEach(FieldRow::show);
        cards.forEach(SlotView::show);
        presets.show();
        showFormula();
        showMicroscopes();
        showProblem(model.problem().get());
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
        rows.clear();
        cards.clear();
        slots.getChildren().clear();
        for (List<FormNode> nodes : cardsNow) {
            List<SlotView> views =
                    nodes.stream().map(node -> new SlotView(node, model, tools.recent())).toList();
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
            case FormLayout.ADAPTER -> line.getChildren().add(kinds());
            case FormLayout.DATA -> line.getChildren().add(formats());
            default -> {
                // no choice beside the title
            }
        }
        sections.getChildren().add(line);
        section.fields().forEach(field -> addRow(sections, field));
        if (!section.more().isEmpty()) {
            addMore(section);
        }
        if (section.title().equals(FormLayout.MODEL)) {
            sections.getChildren().add(facts);
        }
    }

    private void addRow(VBox into, FormField field) {
        FieldRow row = new FieldRow(field, model, tools.recent());
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
                segment(adapter.called(lora), now.equals(lora), () -> model.choose(adapter, lora)),
                segment(adapter.called(full), now.equals(full), () -> model.choose(adapter, full)));
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
