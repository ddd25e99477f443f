package dev.slimelab.app.playground;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.TextAreas;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.playground.PlaygroundViewModel.Face;
import dev.slimelab.app.token.ShadeScale;
import dev.slimelab.engine.problem.Problem;

import javafx.beans.value.ObservableValue;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.util.ArrayList;
import java.util.List;

/// The page of the playground: the prompt above, the models side by side, the vote below.
public final class PlaygroundView extends VBox {
    /// What the page can set off.
    ///
    /// @param votes for the first column, the second, …
    /// @param inspectVotes shows the file of votes on the page Data
    public record Actions(
            Command generate,
            Command stop,
            List<Command> votes,
            Command skip,
            Runnable inspectVotes) {}

    private final PlaygroundViewModel model;
    private final ObservableValue<Theme> theme;
    private final ColumnsPane columns = new ColumnsPane();
    private final List<ColumnView> shown = new ArrayList<>();
    private final Button generate;
    private final Button stop;
    private final Button add = new Button("Column", Icons.icon(Feather.PLUS));
    private final Label complaint = new Label();
    private final Chooser<Integer> writer;
    private final ToggleButton difference = new ToggleButton("Difference from A");

    public PlaygroundView(
            PlaygroundViewModel model, Actions actions, ObservableValue<Theme> theme) {
        this.model = model;
        this.theme = theme;
        generate = actions.generate().button();
        stop = Icons.button(Feather.SQUARE, "Stop", actions.stop().key());
        stop.setOnAction(_ -> actions.stop().run());
        writer = new Chooser<>("Which text is on show", this::words, model.writer()::set);
        setId("playground");
        getStyleClass().add("playground");
        VBox.setVgrow(columns, Priority.ALWAYS);
        VBox content = new VBox(12, prompt(), looks(), columns, new VoteView(model, actions));
        content.getStyleClass().add("playground-content");
        ScrollPane scroll = new ScrollPane(content);
        scroll.setAccessibleText("Playground");
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        getChildren().add(scroll);
        showColumns();
        model.columns().subscribe(this::showColumns);
        model.sources().subscribe(offered -> shown.forEach(column -> column.offer(offered)));
        model.face().subscribe(this::show);
        model.problem().subscribe(_ -> showProblem());
        model.sampling().complaint().subscribe(_ -> showProblem());
        model.writer().subscribe(_ -> showWriter());
        model.ballot().subscribe(_ -> showWriter());
    }

    private VBox prompt() {
        ToggleButton chat =
                mode("Chat", "What a user says: the model's chat template is used", true);
        ToggleButton raw = mode("Text", "A text that is continued as it is", false);
        Chooser<Source.Prompt> samples =
                new Chooser<>(
                        "Prompts of the runs",
                        sample -> sample.words().replace('\n', ' '),
                        model::choose);
        samples.setId("samplePrompts");
        samples.setPromptText("Prompts of the runs");
        samples.setPrefWidth(220);
        model.prompts()
                .subscribe(
                        prompts -> {
                            samples.show(prompts, null);
                            samples.setDisable(prompts.isEmpty());
                        });
        HBox modes = new HBox(2, chat, raw);
        modes.getStyleClass().add("modes");
        modes.setAlignment(Pos.CENTER_LEFT);
        FlowPane head = new FlowPane(8, 8, modes, samples);
        head.setAlignment(Pos.CENTER_LEFT);
        TextArea text = new TextArea();
        text.setId("prompt");
        text.setAccessibleText("Prompt");
        text.setPromptText("What the models are asked");
        text.setPrefRowCount(2);
        text.setWrapText(true);
        TextAreas.leaveByTab(text);
        text.textProperty().bindBidirectional(model.prompt());
        complaint.setId("playComplaint");
        complaint.getStyleClass().add("refusal");
        complaint.setWrapText(true);
        complaint.setMinHeight(Region.USE_PREF_SIZE);
        VBox card = new VBox(8, head, text, settings(), complaint);
        card.getStyleClass().addAll("card", "play-card");
        return card;
    }

    private ToggleButton mode(String name, String help, boolean isChat) {
        ToggleButton mode = new ToggleButton(name);
        mode.setId("mode" + name);
        mode.getStyleClass().addAll("flat", "small", "page-tab");
        mode.setTooltip(new Tooltip(help));
        mode.setOnAction(
                _ -> {
                    model.chat().set(isChat);
                    mode.setSelected(true); // pressed again it stays
                });
        model.chat().subscribe(now -> mode.setSelected(now == isChat));
        return mode;
    }

    private FlowPane settings() {
        FlowPane settings = new FlowPane(12, 8);
        settings.setAlignment(Pos.CENTER_LEFT);
        for (SamplingFields.Field field : model.sampling().all()) {
            TextField text = new TextField();
            text.setId("play-" + field.name());
            text.setAccessibleText(field.name());
            text.setTooltip(new Tooltip(field.help()));
            text.setPrefColumnCount(3);
            text.getStyleClass().add("number-field");
            text.textProperty().bindBidirectional(field.text());
            Label name = new Label(field.name());
            name.getStyleClass().add("quiet");
            HBox pair = new HBox(6, name, text);
            pair.setAlignment(Pos.CENTER_LEFT);
            settings.getChildren().add(pair);
        }
        Button next = Icons.iconButton(Feather.REFRESH_CW, "Next seed", "");
        next.setId("nextSeed");
        next.setOnAction(_ -> model.sampling().nextSeed());
        generate.setId("generate");
        generate.getStyleClass().add("accent");
        stop.setId("stopGenerating");
        add.setId("addColumn");
        add.setAccessibleText("Add a column");
        add.setOnAction(_ -> model.addColumn());
        settings.getChildren().addAll(next, new HBox(8, generate, stop, add));
        return settings;
    }

    /// Which text the columns show, and what its shades mean.
    private FlowPane looks() {
        writer.setId("writer");
        difference.setId("difference");
        difference.getStyleClass().add("small");
        difference.setTooltip(
                new Tooltip("Shades tell how much likelier a token is than under the model of A"));
        difference.selectedProperty().bindBidirectional(model.difference());
        ShadeScale scale = new ShadeScale(theme);
        model.legend().subscribe(scale::show);
        FlowPane line = new FlowPane(12, 6, writer, difference, scale);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().add("play-looks");
        return line;
    }

    private String words(int writer) {
        return writer == PlaygroundViewModel.OWN
                ? "Each its own answer"
                : "All read the answer of " + PlaygroundViewModel.letter(writer);
    }

    private void showColumns() {
        ObservableList<PlayColumn> all = model.columns();
        shown.clear();
        for (int i = 0; i < all.size(); i++) {
            shown.add(new ColumnView(model, all.get(i), i, theme));
        }
        columns.getChildren().setAll(List.<Node>copyOf(shown));
        add.setDisable(all.size() == PlaygroundViewModel.MOST);
        showWriter();
    }

    private void showWriter() {
        writer.show(model.writers(), model.writer().get());
        difference.setDisable(model.writer().get() == PlaygroundViewModel.OWN);
    }

    private void show(Face face) {
        generate.setDisable(face != Face.IDLE);
        stop.setDisable(face == Face.IDLE);
    }

    private void showProblem() {
        Problem problem = model.problem().get();
        String wrong = model.sampling().complaint().get();
        String words = !wrong.isEmpty() ? wrong : problem == null ? "" : sentences(problem);
        complaint.setText(words);
        complaint.setVisible(!words.isEmpty());
        complaint.setManaged(!words.isEmpty());
    }

    private static String sentences(Problem problem) {
        return problem.what() + " " + problem.remedy();
    }
}
