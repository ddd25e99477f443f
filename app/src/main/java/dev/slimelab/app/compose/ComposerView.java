package dev.slimelab.app.compose;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.look.Theme;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecText.Format;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
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

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// The right column while a run is composed: the draft as a form, as text, or beside another run.
public final class ComposerView extends VBox {
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

    /// What the column can set off.
    public record Actions(Command start, Command undo, Command redo) {}

    private final ComposerViewModel model;
    private final ComposerTools tools;
    private final FormView form;
    private final StackPane shown = new StackPane();
    private final Map<Mode, Node> bodies = new EnumMap<>(Mode.class);
    private final Map<Mode, ToggleButton> modes = new EnumMap<>(Mode.class);
    private final Label problem = new Label();
    private final HBox unread = new HBox(8);
    private Mode mode = Mode.FORM;

    public ComposerView(
            ComposerViewModel model,
            ComposerTools tools,
            Actions actions,
            ObservableValue<Theme> theme) {
        this.model = model;
        this.tools = tools;
        form = new FormView(model, tools, theme);
        getStyleClass().add("composer");
        ScrollPane scroll = new ScrollPane(form);
        scroll.setAccessibleText("Settings of the draft");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        SpecTextView text = new SpecTextView(tools.text(), model::settle);
        bodies.put(Mode.FORM, scroll);
        bodies.put(Mode.JSON, text);
        bodies.put(Mode.YAML, text);
        bodies.put(Mode.DIFFERENCES, new DifferencesView(tools.differences()));
        VBox.setVgrow(shown, Priority.ALWAYS);
        getChildren().addAll(top(), shown, foot(actions));
        show(Mode.FORM);
        model.problem().subscribe(this::showProblem);
        model.draft().subscribe(_ -> showProblem(model.problem().get()));
        tools.templates().problem().subscribe(_ -> showProblem(model.problem().get()));
        tools.unkept().subscribe(_ -> showProblem(model.problem().get()));
        tools.text().unread().subscribe(_ -> showUnread());
    }

    /// Gives the focus to the first control, from which Tab leads on.
    public void focusFirst() {
        Objects.requireNonNull(modes.get(mode)).requestFocus();
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
            ToggleButton button =
                    FormView.segment(
                            each.label,
                            each == mode,
                            () -> tools.text().whenRead(() -> show(each)));
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

    private void show(Mode asked) {
        Mode next = reachable(asked);
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

    /// A text that cannot be read stays in the format it was written in.
    private Mode reachable(Mode asked) {
        boolean text = asked == Mode.JSON || asked == Mode.YAML;
        return text && tools.text().unread().get() != null ? written() : asked;
    }

    private Mode written() {
        return tools.text().format() == Format.YAML ? Mode.YAML : Mode.JSON;
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
            mend.setOnAction(_ -> show(written()));
            Button discard = new Button("Discard");
            discard.setOnAction(_ -> tools.text().discard());
            for (Button button : new Button[] {mend, discard}) {
                button.setMinWidth(Region.USE_PREF_SIZE);
            }
            unread.getChildren().addAll(words, mend, discard);
        }
    }

    private Node foot(Actions actions) {
        problem.getStyleClass().add("complaint");
        problem.setWrapText(true);
        problem.setMinHeight(Region.USE_PREF_SIZE);
        Button go = actions.start().button();
        go.setId("startDraft");
        go.getStyleClass().addAll("accent", "wide");
        go.setMaxWidth(Double.MAX_VALUE);
        go.disableProperty().bind(model.spec().isNull());
        HBox.setHgrow(go, Priority.ALWAYS);
        Button undo = actions.undo().iconButton();
        Button redo = actions.redo().iconButton();
        VBox foot =
                new VBox(
                        8,
                        problem,
                        new EstimateView(tools.estimate()),
                        new HBox(4, undo, redo, go));
        foot.getStyleClass().add("form-foot");
        return foot;
    }

    /// What is wrong and is not said elsewhere: at its field, or below the text.
    private void showProblem(@Nullable Problem draft) {
        boolean placed = writing() || (mode == Mode.FORM && form.complains());
        Problem template = tools.templates().problem().get();
        Problem aside = template == null ? tools.unkept().get() : template;
        Problem refused = aside == null ? draft : aside;
        boolean visible = refused != null && (aside != null || !placed);
        problem.setText(refused == null ? "" : refused.what() + " " + refused.remedy());
        problem.setVisible(visible);
        problem.setManaged(visible);
    }
}
