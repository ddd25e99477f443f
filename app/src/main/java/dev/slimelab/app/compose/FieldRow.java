package dev.slimelab.app.compose;

import dev.slimelab.app.compose.ComposerViewModel.Gesture;
import dev.slimelab.app.look.Symbol;
import dev.slimelab.engine.parameter.Parameter;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import javafx.util.StringConverter;

import org.controlsfx.control.PrefixSelectionComboBox;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Objects;

/// One setting: its name, a slider where one makes sense, and the exact value.
final class FieldRow extends VBox {
    private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");
    private static final int NUMBER_WIDTH = 84;

    private final FormField field;
    private final ComposerViewModel model;
    private final Label complaint = new Label();
    private final TextField text = new TextField();
    private final Slider slider = new Slider(0, 1, 0);
    private final ComboBox<String> choice = new PrefixSelectionComboBox<>();
    private final @Nullable ObjectText object;
    private boolean showing;

    FieldRow(FormField field, ComposerViewModel model, ComposerTools tools) {
        this.field = field;
        this.model = model;
        object = field.kind() == FormField.Kind.OBJECT ? tools.object(field) : null;
        getStyleClass().add("field-row");
        setId("field-" + field.path().replace('.', '-'));
        HBox line = new HBox(8);
        line.setAlignment(Pos.CENTER_LEFT);
        if (isLong()) {
            getChildren().add(name());
        } else {
            line.getChildren().add(name());
        }
        line.getChildren().addAll(controls());
        if (field.isPlace()) {
            line.setSpacing(2);
            line.getChildren().add(new PlaceButtons(field, tools.recent(), this::choose));
            text.textProperty().subscribe(this::showWhole);
        }
        complaint.getStyleClass().add("complaint");
        complaint.setWrapText(true);
        getChildren().addAll(line, complaint);
        show();
    }

    /// Whether its text needs the whole width, below its name.
    private boolean isLong() {
        return field.isPlace()
                || field.kind() == FormField.Kind.LIST
                || field.kind() == FormField.Kind.OBJECT;
    }

    private void choose(String path) {
        model.type(field, path);
        model.settle();
    }

    /// A path says most at its end, which a narrow field cuts off.
    private void showWhole(String path) {
        text.setTooltip(path.isEmpty() ? null : new Tooltip(path));
        if (!text.isFocused()) {
            text.positionCaret(path.length());
        }
    }

    /// The name, and below it, smaller, the unit.
    private VBox name() {
        VBox name = new VBox(label());
        name.getStyleClass()
                .add(
                        isLong()
                                ? "field-name-above"
                                : field.canBeOff() ? "field-kind" : "field-name");
        String unit = field.parameter().unit();
        if (!unit.isEmpty() && !unit.equalsIgnoreCase(field.parameter().label())) {
            Label small = new Label(unit);
            small.getStyleClass().add("unit");
            small.setWrapText(true);
            small.setMinHeight(Region.USE_PREF_SIZE);
            name.getChildren().add(small);
        }
        return name;
    }

    private Label label() {
        Parameter parameter = field.parameter();
        Label label = new Label(field.canBeOff() ? "Kind" : parameter.label());
        label.setWrapText(true);
        Symbol.behind(label, parameter.symbol());
        label.setMinHeight(Region.USE_PREF_SIZE);
        Tooltip help = new Tooltip(field.help());
        help.setShowDelay(Duration.millis(400));
        help.setShowDuration(Duration.seconds(30));
        help.setWrapText(true);
        help.setMaxWidth(380);
        label.setTooltip(help);
        return label;
    }

    private Node[] controls() {
        String unit = field.parameter().unit();
        String spoken = field.parameter().label() + (unit.isEmpty() ? "" : ", in " + unit);
        if (field.isChosen()) {
            choice.getItems().setAll(field.choices());
            choice.setConverter(new Called(field));
            choice.setMaxWidth(Double.MAX_VALUE);
            choice.setAccessibleText(spoken);
            HBox.setHgrow(choice, Priority.ALWAYS);
            choice.setOnAction(
                    _ -> {
                        if (!showing && choice.getValue() != null) {
                            model.choose(field, choice.getValue());
                        }
                    });
            return new Node[] {choice};
        }
        text.setAccessibleText(spoken);
        text.textProperty().subscribe((_, typed) -> take(typed));
        if (object != null) {
            object.text().subscribe(this::write);
        }
        text.setOnAction(_ -> settle());
        text.focusedProperty()
                .subscribe(
                        (_, focused) -> {
                            if (!focused) {
                                settle();
                            }
                        });
        if (!field.isNumeric()) {
            HBox.setHgrow(text, Priority.ALWAYS);
            text.setPromptText(field.optional() ? "none" : "");
            return new Node[] {text};
        }
        text.setPromptText(field.optional() ? "none" : "");
        text.setMinWidth(NUMBER_WIDTH);
        text.setPrefWidth(NUMBER_WIDTH);
        text.setMaxWidth(NUMBER_WIDTH);
        text.getStyleClass().add("number-field");
        if (!field.hasSlider()) {
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            return new Node[] {gap, text};
        }
        slider.setMinWidth(40);
        slider.setAccessibleText(spoken);
        slider.setBlockIncrement(0.05);
        slider.valueChangingProperty()
                .subscribe(
                        (_, changing) -> {
                            if (!changing) {
                                model.settle();
                            }
                        });
        HBox.setHgrow(slider, Priority.ALWAYS);
        slider.valueProperty()
                .subscribe(
                        (_, position) -> {
                            if (!showing) {
                                model.slide(
                                        field,
                                        position.doubleValue(),
                                        slider.isValueChanging()
                                                ? Gesture.CONTINUING
                                                : Gesture.DONE);
                            }
                        });
        return new Node[] {slider, text};
    }

    /// Every letter goes into the draft, so that nothing typed is lost.
    private void take(String typed) {
        if (showing) {
            return;
        }
        if (object != null) {
            object.type(typed);
        } else if (!typed.equals(shownText())) {
            model.type(field, typed);
        }
    }

    /// What was typed is done, and is shown as the draft writes it.
    private void settle() {
        model.settle();
        if (object == null) {
            write(shownText());
        }
    }

    private void write(String words) {
        boolean before = showing;
        showing = true;
        if (!text.getText().equals(words)) {
            text.setText(words);
        }
        showing = before;
    }

    /// Shows what the draft says.
    void show() {
        showing = true;
        JsonNode value = model.draft().get().get(field.path());
        if (field.isChosen()) {
            choice.setValue(field.word(model.draft().get()));
        } else if (object != null) {
            object.show();
        } else {
            JsonNode typed = Draft.typed(field, text.getText());
            if (!Objects.equals(typed, value) || !text.isFocused()) {
                write(shownText());
            }
            if (field.hasSlider()
                    && value != null
                    && value.isNumber()
                    && !slider.isValueChanging()) {
                slider.setValue(field.position(value.doubleValue()));
            }
            slider.setOpacity(value == null ? 0.5 : 1);
        }
        String wrong = model.complaint(field);
        complaint.setText(wrong);
        complaint.setVisible(!wrong.isEmpty());
        complaint.setManaged(!wrong.isEmpty());
        text.pseudoClassStateChanged(WRONG, !wrong.isEmpty());
        showing = false;
    }

    boolean complains() {
        return complaint.isVisible() && getParent() != null && getParent().isVisible();
    }

    private String shownText() {
        return model.draft().get().typed(field);
    }

    /// Shows the words of a spec as a person calls them.
    private static final class Called extends StringConverter<String> {
        private final FormField field;

        Called(FormField field) {
            this.field = field;
        }

        @Override
        public String toString(@Nullable String word) {
            return word == null ? "" : field.called(word);
        }

        @Override
        public String fromString(String name) {
            return name; // the list cannot be typed into
        }
    }
}
