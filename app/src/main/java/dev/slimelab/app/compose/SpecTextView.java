package dev.slimelab.app.compose;

import dev.slimelab.app.compose.SpecTextViewModel.Mistake;
import dev.slimelab.app.look.TextAreas;

import javafx.animation.PauseTransition;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import org.jspecify.annotations.Nullable;

/// The draft as text, with what is wrong below it and the way to the line.
final class SpecTextView extends VBox {
    /// Typing goes on in the same step of undo until it has rested so long.
    private static final Duration REST = Duration.seconds(1);

    private final TextArea area = new TextArea();
    private final Label mistake = new Label();
    private final Hyperlink place = new Hyperlink();
    private boolean showing;
    private int line;

    /// @param settle ends a step of undo
    SpecTextView(SpecTextViewModel model, Runnable settle) {
        getStyleClass().add("spec-text");
        area.setId("specText");
        area.getStyleClass().add("mono");
        area.setAccessibleText("The draft as text");
        VBox.setVgrow(area, Priority.ALWAYS);
        TextAreas.leaveByTab(area); // neither format needs tabs
        PauseTransition rest = new PauseTransition(REST);
        rest.setOnFinished(_ -> settle.run());
        area.textProperty()
                .subscribe(
                        (_, typed) -> {
                            if (!showing) {
                                model.type(typed);
                                rest.playFromStart();
                            }
                        });
        mistake.getStyleClass().add("refusal");
        mistake.setId("textMistake");
        mistake.setWrapText(true);
        mistake.setMinHeight(Region.USE_PREF_SIZE);
        mistake.setMaxWidth(Double.MAX_VALUE);
        place.setOnAction(_ -> go());
        getChildren().addAll(area, mistake, place);
        model.text().subscribe(this::showText);
        model.mistake().subscribe(this::show);
    }

    private void showText(String text) {
        if (!text.equals(area.getText())) {
            showing = true;
            area.setText(text);
            showing = false;
        }
    }

    private void show(@Nullable Mistake found) {
        boolean wrong = found != null;
        line = found == null ? 0 : found.line();
        mistake.setText(found == null ? "" : found.sentence());
        mistake.setVisible(wrong);
        mistake.setManaged(wrong);
        place.setText("Go to line " + line);
        place.setVisible(line > 0);
        place.setManaged(line > 0);
    }

    /// Selects the line that is wrong.
    private void go() {
        String text = area.getText();
        int from = 0;
        for (int number = 1; number < line; number++) {
            from = text.indexOf('\n', from) + 1;
        }
        int to = text.indexOf('\n', from);
        area.requestFocus();
        area.selectRange(from, to < 0 ? text.length() : to);
        place.setVisited(false);
    }
}
