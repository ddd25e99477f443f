package dev.slimelab.app.live;

import dev.slimelab.app.live.AnswerChange.Piece;
import dev.slimelab.app.live.AnswerChange.Written;
import dev.slimelab.app.look.Numbers;

import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

import java.util.List;

/// Answers side by side with those at the first step. Words that the other one lacks are struck out
/// or underlined, and coloured.
final class AnswersView extends VBox {
    private final GridPane grid = new GridPane();

    AnswersView(AnswersViewModel model) {
        super(8);
        getStyleClass().addAll("card", "answers");
        StepSlider slider = new StepSlider(model.steps(), model.chosenStep());
        slider.setId("answerStep");
        ColumnConstraints half = new ColumnConstraints();
        half.setPercentWidth(50);
        grid.getColumnConstraints().addAll(half, half);
        grid.setHgap(16);
        grid.setVgap(4);
        ScrollPane scroll = new ScrollPane(grid);
        scroll.setAccessibleText("Answers");
        scroll.setFocusTraversable(true);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        VBox content = new VBox(8, slider, scroll);
        Label instead = new Label();
        instead.getStyleClass().add("chart-empty");
        instead.setWrapText(true);
        StackPane both = new StackPane(content, instead);
        VBox.setVgrow(both, Priority.ALWAYS);
        getChildren().add(both);
        model.answers().subscribe(this::show);
        model.instead()
                .subscribe(
                        words -> {
                            instead.setText(words);
                            instead.setVisible(!words.isEmpty());
                            content.setVisible(words.isEmpty());
                        });
    }

    private void show(List<AnswerChange> answers) {
        grid.getChildren().clear();
        int row = 0;
        for (AnswerChange answer : answers) {
            Label prompt = new Label(answer.prompt());
            prompt.getStyleClass().add("answer-prompt");
            prompt.setWrapText(true);
            prompt.setMinHeight(Region.USE_PREF_SIZE);
            grid.add(prompt, 0, row++, 2, 1);
            String news =
                    answer.before().step() == answer.after().step()
                            ? ""
                            : answer.isSame() ? ", unchanged" : "";
            grid.addRow(row++, step(answer.before(), ""), step(answer.after(), news));
            grid.addRow(row++, text(answer.before(), "gone"), text(answer.after(), "come"));
        }
    }

    private static Label step(Written answer, String news) {
        Label step =
                new Label(
                        "after step "
                                + Numbers.fixed(answer.step(), 0)
                                + news
                                + (answer.ended() ? "" : ", did not end by itself"));
        step.getStyleClass().add("quiet");
        return step;
    }

    private static TextFlow text(Written answer, String difference) {
        TextFlow flow = new TextFlow();
        flow.getStyleClass().add("answer");
        for (Piece piece : answer.pieces()) {
            Text text = new Text(piece.text());
            text.getStyleClass().add(piece.differs() ? difference : "same");
            flow.getChildren().add(text);
        }
        flow.setAccessibleText(answer.text());
        return flow;
    }
}
