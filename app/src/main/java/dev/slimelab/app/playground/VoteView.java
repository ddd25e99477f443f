package dev.slimelab.app.playground;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.look.Choosing;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.playground.PlaygroundView.Actions;
import dev.slimelab.app.playground.PlaygroundViewModel.Ballot;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.List;

/// Which answer is better, and the file that says so.
final class VoteView extends VBox {
    private final PlaygroundViewModel model;
    private final Actions actions;
    private final FlowPane choices = new FlowPane(8, 8);
    private final Button skip = new Button("Skip");
    private final Label hint = new Label();

    VoteView(PlaygroundViewModel model, Actions actions) {
        super(8);
        this.model = model;
        this.actions = actions;
        setId("votes");
        getStyleClass().addAll("card", "play-card");
        skip.setId("skipVote");
        skip.setTooltip(actions.skip().tooltip("A tie: nothing is saved"));
        skip.setOnAction(_ -> actions.skip().run());
        hint.setId("voteHint");
        hint.setWrapText(true);
        hint.setMinHeight(Region.USE_PREF_SIZE);
        hint.getStyleClass().add("quiet");
        choices.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(choices, hint, file());
        model.ballot().subscribe(this::show);
    }

    private HBox file() {
        Label saved = new Label("Pairs are saved in");
        saved.getStyleClass().add("quiet");
        saved.setMinWidth(Region.USE_PREF_SIZE);
        TextField path = new TextField();
        path.setId("voteFile");
        path.setAccessibleText("File of votes");
        path.textProperty().bindBidirectional(model.votes());
        HBox.setHgrow(path, Priority.ALWAYS);
        Button choose = Icons.iconButton(Feather.FILE, "Choose a file of votes", "");
        choose.setOnAction(_ -> chooseFile());
        Button look = Icons.iconButton(Feather.DATABASE, "Look at it on the page Data", "");
        look.setId("inspectVotes");
        look.setOnAction(_ -> actions.inspectVotes().run());
        HBox line = new HBox(8, saved, path, choose, look);
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    private void chooseFile() {
        String chosen =
                Choosing.fileToWrite(
                        getScene().getWindow(), "Choose a file of votes", "votes.jsonl");
        if (chosen != null) {
            model.votes().set(chosen);
        }
    }

    private void show(Ballot ballot) {
        List<Boolean> winners = ballot.winners();
        List<Node> buttons = new ArrayList<>();
        for (int i = 0; i < winners.size(); i++) {
            Command vote = actions.votes().get(i);
            String letter = PlaygroundViewModel.letter(i);
            Button best = new Button(letter + (winners.size() == 2 ? " is better" : " is best"));
            best.setId("vote" + letter);
            best.setTooltip(vote.tooltip("Saves a pair with each of the other answers"));
            best.setDisable(!winners.get(i));
            best.setOnAction(_ -> vote.run());
            buttons.add(best);
        }
        skip.setDisable(!winners.contains(true));
        buttons.add(skip);
        choices.getChildren().setAll(buttons);
        hint.setText(ballot.hint());
        hint.setVisible(!ballot.hint().isEmpty());
        hint.setManaged(hint.isVisible());
    }
}
