package dev.slimelab.app.live;

import dev.slimelab.app.chart.ChartSpec;
import dev.slimelab.app.command.Command;
import dev.slimelab.app.live.LiveViewModel.Aspect;
import dev.slimelab.app.live.LiveViewModel.Face;
import dev.slimelab.app.look.BesideOrBelow;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Theme;
import dev.slimelab.app.look.Tiles;

import javafx.beans.value.ObservableValue;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// The middle column: verdict, headline numbers or table, and the charts.
public final class LiveView extends ScrollPane {
    /// What the middle can set off elsewhere in the window.
    ///
    /// @param look the command that shows a run from a side
    public record Actions(
            Runnable trainBuiltIn,
            Command useAsNewRun,
            Runnable resume,
            Function<Aspect, Command> look) {}

    private final LiveViewModel model;
    private final Actions actions;
    private final BesideOrBelow verdict = new BesideOrBelow();
    private final Tiles cards = new Tiles(150);
    private final GridPane table = new GridPane();
    private final VBox trouble = new VBox(8);
    private final BesideOrBelow invitation = new BesideOrBelow();

    public LiveView(
            LiveViewModel model,
            ObservableValue<String> inviting,
            Actions actions,
            ObservableValue<Theme> theme) {
        this.model = model;
        this.actions = actions;
        getStyleClass().add("form-scroll");
        setAccessibleText("Runs on show");
        setFitToWidth(true);
        setFitToHeight(true); // scrolled only where it has not even its least size
        verdict.setId("verdict");
        verdict.getStyleClass().add("verdict");
        cards.setId("headlines");
        table.setId("comparison");
        table.getStyleClass().addAll("card", "comparison");
        trouble.setId("trouble");
        trouble.getStyleClass().addAll("card", "trouble");
        buildInvitation(inviting);
        ChartsView charts = new ChartsView(model, theme);
        TokensView tokens = new TokensView(model.tokens(), theme);
        AnswersView answers = new AnswersView(model.answers());
        ModifyView modify = new ModifyView(model.modify(), model::goTo);
        Map<Aspect, Region> sides =
                Map.of(
                        Aspect.CHARTS, charts,
                        Aspect.TOKENS, tokens,
                        Aspect.ANSWERS, answers,
                        Aspect.MODIFY, modify);
        sides.values().forEach(side -> VBox.setVgrow(side, Priority.ALWAYS));
        AspectBar bar = new AspectBar(model.aspect(), actions.look());
        VBox content =
                new VBox(
                        invitation,
                        verdict,
                        trouble,
                        cards,
                        table,
                        bar,
                        charts,
                        tokens,
                        answers,
                        modify);
        content.getStyleClass().add("live");
        setContent(content);
        inviting.subscribe(words -> show(invitation, !words.isEmpty()));
        model.headlines().subscribe(this::showHeadlines);
        model.verdict().subscribe(this::showVerdict);
        model.comparison().subscribe(this::showTable);
        model.trouble().subscribe(this::showTrouble);
        model.face()
                .subscribe(
                        face -> {
                            show(cards, face != Face.COMPARISON);
                            show(table, face == Face.COMPARISON);
                            show(bar, face == Face.SINGLE);
                            showAspect(sides);
                        });
        model.aspect().subscribe(_ -> showAspect(sides));
    }

    private void showAspect(Map<Aspect, Region> sides) {
        boolean single = model.face().get() == Face.SINGLE;
        Aspect now = single ? model.aspect().get() : Aspect.CHARTS;
        sides.forEach((aspect, side) -> show(side, aspect == now));
    }

    private static void show(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    private void buildInvitation(ObservableValue<String> inviting) {
        invitation.setId("invitation");
        invitation.getStyleClass().addAll("card", "invitation");
        Label words = new Label();
        words.textProperty().bind(inviting);
        words.setWrapText(true);
        words.setMinWidth(0);
        Button train =
                new Button(
                        "Train the built-in model (about half a minute)", Icons.icon(Feather.PLAY));
        train.setId("trainBuiltIn");
        train.setDefaultButton(false);
        train.getStyleClass().add("accent");
        train.setOnAction(_ -> actions.trainBuiltIn().run());
        invitation.set(words, train);
    }

    private void showVerdict(@Nullable Verdict next) {
        show(verdict, next != null);
        if (next == null) {
            verdict.clear();
            return;
        }
        Region dot = new Region();
        dot.getStyleClass()
                .addAll("verdict-dot", "verdict-" + next.tone().name().toLowerCase(Locale.ROOT));
        Label sentence = new Label(next.sentence(), dot);
        sentence.getStyleClass().add("verdict-sentence");
        sentence.setGraphicTextGap(8);
        sentence.setWrapText(true);
        verdict.set(sentence, next.evidence() == null ? null : why(next.evidence()));
    }

    private Hyperlink why(ChartSpec evidence) {
        Hyperlink why = new Hyperlink("Show " + evidence.title().toLowerCase(Locale.ROOT));
        why.setOnAction(_ -> model.enlarge(evidence));
        return why;
    }

    private void showHeadlines(List<Headline> headlines) {
        if (cards.getChildren().size() != headlines.size()) {
            cards.getChildren().setAll(headlines.stream().map(_ -> new HeadlineCard()).toList());
        }
        for (int i = 0; i < headlines.size(); i++) {
            ((HeadlineCard) cards.getChildren().get(i)).show(headlines.get(i));
        }
    }

    private void showTable(List<ComparisonRow> rows) {
        table.getChildren().clear();
        table.getColumnConstraints().clear();
        ColumnConstraints names = new ColumnConstraints();
        names.setHgrow(Priority.ALWAYS);
        table.getColumnConstraints().add(names);
        Label runs = new Label("run");
        VBox runsHead = new VBox(runs);
        runsHead.getStyleClass().add("table-head");
        table.add(runsHead, 0, 0);
        for (int column = 0; column < ComparisonRow.COLUMNS.size(); column++) {
            ComparisonRow.Column head = ComparisonRow.COLUMNS.get(column);
            ColumnConstraints numbers = new ColumnConstraints();
            numbers.setHalignment(HPos.RIGHT);
            numbers.setMinWidth(62);
            numbers.setPrefWidth(84);
            table.getColumnConstraints().add(numbers);
            Label label = new Label(head.label());
            label.setTooltip(new Tooltip(head.help()));
            Label unit = new Label(head.unit());
            unit.getStyleClass().add("table-unit");
            VBox heading = new VBox(label, unit);
            heading.getStyleClass().add("table-head");
            heading.setAlignment(Pos.CENTER_RIGHT);
            table.add(heading, column + 1, 0);
        }
        for (int row = 0; row < rows.size(); row++) {
            addRow(rows.get(row), row + 1);
        }
    }

    private void addRow(ComparisonRow run, int row) {
        Region dot = new Region();
        dot.getStyleClass().addAll("table-dot", run.hue().styleClass());
        Label words = new Label(run.name());
        words.setMinWidth(0);
        HBox name = new HBox(8, dot, words);
        name.setAlignment(Pos.CENTER_LEFT);
        table.add(name, 0, row);
        for (int column = 0; column < run.cells().size(); column++) {
            Label cell = new Label(run.cells().get(column));
            cell.getStyleClass().add("number");
            table.add(cell, column + 1, row);
        }
    }

    private void showTrouble(@Nullable Trouble next) {
        show(trouble, next != null);
        trouble.getChildren().clear();
        if (next == null) {
            return;
        }
        Label title = new Label(next.title(), Icons.icon(Feather.ALERT_TRIANGLE));
        title.getStyleClass().add("trouble-title");
        Label words = new Label(next.what() + " " + next.remedy());
        words.setWrapText(true);
        words.setMinHeight(Region.USE_PREF_SIZE);
        TextArea log = new TextArea(next.logTail());
        log.setId("log");
        log.setEditable(false);
        log.setPrefRowCount(Math.clamp(next.logTail().lines().count(), 1, 5));
        log.getStyleClass().add("mono");
        log.setAccessibleText("The last lines of the engine's log");
        log.positionCaret(log.getLength());
        Button again = new Button("Use as new run", Icons.icon(Feather.ROTATE_CCW));
        again.setOnAction(_ -> actions.useAsNewRun().run());
        Button copy = new Button("Copy report", Icons.icon(Feather.COPY));
        copy.setOnAction(
                _ -> {
                    ClipboardContent content = new ClipboardContent();
                    content.putString(next.report());
                    Clipboard.getSystemClipboard().setContent(content);
                });
        FlowPane buttons = new FlowPane(8, 8, again, copy);
        if (next.canResume()) {
            Button resume = new Button("Resume", Icons.icon(Feather.PLAY));
            resume.setId("resume");
            resume.getStyleClass().add("accent");
            resume.setOnAction(_ -> actions.resume().run());
            buttons.getChildren().addFirst(resume);
        }
        trouble.getChildren().addAll(title, words, log, buttons);
    }

    /// One large number on a card.
    private static final class HeadlineCard extends VBox {
        private final Region dot = new Region();
        private final Label label = new Label();
        private final Label value = new Label();
        private final Label unit = new Label();
        private final Label change = new Label();

        HeadlineCard() {
            getStyleClass().addAll("card", "headline");
            label.getStyleClass().add("headline-label");
            value.getStyleClass().add("headline-value");
            value.setMinWidth(Region.USE_PREF_SIZE);
            unit.getStyleClass().add("headline-unit");
            change.getStyleClass().add("headline-change");
            HBox top = new HBox(6, dot, label);
            top.setAlignment(Pos.CENTER_LEFT);
            HBox number = new HBox(6, value, unit);
            number.setAlignment(Pos.BASELINE_LEFT);
            getChildren().addAll(top, number, change);
        }

        void show(Headline headline) {
            label.setText(headline.label());
            value.setText(headline.value());
            unit.setText(headline.unit());
            change.setText(headline.change());
            dot.getStyleClass().setAll("table-dot");
            if (headline.hue() != null) {
                dot.getStyleClass().add(headline.hue().styleClass());
            }
            LiveView.show(dot, headline.hue() != null);
            setAccessibleText(headline.label() + " " + headline.value() + " " + headline.unit());
        }
    }
}
