package dev.slimelab.app.live;

import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.app.look.Symbol;
import dev.slimelab.engine.problem.Problem;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleConsumer;

/// Numbers that can be changed while the run goes on, checkpoints to fork from, and what happened.
final class ModifyView extends VBox {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final ModifyViewModel model;
    private final DoubleConsumer goTo;
    private final VBox numbers = new VBox(2);
    private final VBox changes = new VBox(4);
    private final VBox history = new VBox(4);
    private final ComboBox<String> steps = new ComboBox<>();
    private final Button fork = Icons.button(Feather.GIT_BRANCH, "Fork here", "");
    private final Label problem = new Label();
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private boolean showing;

    /// @param goTo shows a step on the charts
    ModifyView(ModifyViewModel model, DoubleConsumer goTo) {
        super(12);
        this.model = model;
        this.goTo = goTo;
        setId("modify");
        problem.setId("modifyProblem");
        problem.getStyleClass().add("refusal");
        problem.setWrapText(true);
        problem.setMinHeight(Region.USE_PREF_SIZE);
        problem.setMaxWidth(Double.MAX_VALUE);
        VBox right =
                new VBox(
                        12,
                        forkCard(),
                        card("What happened", scroll(history, "What happened to the run")));
        VBox.setVgrow(right.getChildren().getLast(), Priority.ALWAYS);
        Label state = new Label();
        state.textProperty().bind(model.state());
        state.setWrapText(true);
        state.setMinHeight(Region.USE_PREF_SIZE);
        state.getStyleClass().add("quiet");
        VBox left = card("While it runs", state, scroll(numbers, "Numbers that can be changed"));
        HBox columns = new HBox(12, left, right);
        for (Region column : List.of(left, right)) {
            HBox.setHgrow(column, Priority.ALWAYS);
            column.setPrefWidth(100);
            column.setMinWidth(0);
        }
        VBox.setVgrow(columns, Priority.ALWAYS);
        getChildren().addAll(problem, columns);
        model.numbers().subscribe(this::showNumbers);
        model.running().subscribe(_ -> rows.values().forEach(this::enable));
        model.checkpoints().subscribe(_ -> showCheckpoints());
        model.forkStep().subscribe(_ -> showCheckpoints());
        model.forking().subscribe(_ -> showCheckpoints());
        model.history().subscribe(this::showHistory);
        model.problem().subscribe(this::showProblem);
    }

    private static VBox card(String title, Node... content) {
        Label head = new Label(title);
        head.getStyleClass().add("chart-title");
        VBox card = new VBox(8, head);
        card.getChildren().addAll(content);
        card.getStyleClass().addAll("card", "modify-card");
        VBox.setVgrow(content[content.length - 1], Priority.ALWAYS);
        return card;
    }

    private static ScrollPane scroll(Node content, String name) {
        ScrollPane scroll = new ScrollPane(content);
        scroll.setAccessibleText(name);
        scroll.setFocusTraversable(true);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        return scroll;
    }

    /// A number, what it is, and a field for another value.
    private record Row(LiveNumber number, Label value, TextField field, Button apply) {}

    private void showNumbers(List<LiveNumber> next) {
        if (!next.stream().map(LiveNumber::path).toList().equals(List.copyOf(rows.keySet()))) {
            rows.clear();
            numbers.getChildren().clear();
            changes.getChildren().clear();
            String group = "";
            for (LiveNumber number : next) {
                if (!number.group().equals(group)) {
                    group = number.group();
                    Label head = new Label(group);
                    head.getStyleClass().add("section-title");
                    numbers.getChildren().add(head);
                }
                numbers.getChildren().add(row(number));
            }
        }
        for (LiveNumber number : next) {
            Row row = Objects.requireNonNull(rows.get(number.path()));
            row.value().setText(Numbers.shortest(number.value()));
        }
    }

    private Node row(LiveNumber number) {
        Label label = new Label(number.parameter().label());
        Symbol.behind(label, number.parameter().symbol());
        label.setMinWidth(0);
        String unit =
                number.parameter().unit().isEmpty() ? "" : "\nUnit: " + number.parameter().unit();
        label.setTooltip(
                new Tooltip(number.parameter().help() + unit + "\nIn a spec: " + number.path()));
        Label value = new Label();
        value.setMinWidth(Region.USE_PREF_SIZE);
        value.getStyleClass().add("number");
        TextField field = new TextField();
        field.setPrefColumnCount(5);
        field.setPromptText("new value");
        field.setAccessibleText("New value of " + number.path());
        field.setId("live-" + number.path().replace('.', '-'));
        Button apply = new Button("Apply");
        apply.setAccessibleText("Apply the new value of " + number.path());
        Row row = new Row(number, value, field, apply);
        rows.put(number.path(), row);
        apply.setOnAction(_ -> apply(row));
        field.setOnAction(_ -> apply(row));
        field.textProperty().subscribe(_ -> enable(row));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox line = new HBox(8, label, gap, value, field, apply);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().add("live-number");
        return line;
    }

    private void enable(Row row) {
        row.field().setDisable(!model.running().get());
        row.apply().setDisable(!model.running().get() || row.field().getText().isBlank());
    }

    private void apply(Row row) {
        if (!row.apply().isDisabled()) {
            model.edit(row.number(), row.field().getText());
            row.field().clear();
        }
    }

    private VBox forkCard() {
        Button save = Icons.button(Feather.SAVE, "Checkpoint now", "");
        save.setId("checkpointNow");
        save.disableProperty().bind(model.running().map(running -> !running));
        save.setOnAction(_ -> model.checkpoint());
        save.setMinWidth(Region.USE_PREF_SIZE);
        steps.setAccessibleText("Checkpoint to fork from");
        steps.setId("forkStep");
        steps.setPromptText("no checkpoint");
        steps.getSelectionModel()
                .selectedIndexProperty()
                .subscribe(index -> choose(index.intValue()));
        fork.setId("fork");
        fork.setMinWidth(Region.USE_PREF_SIZE);
        fork.setTooltip(new Tooltip("Starts a new run from this state, with the changes below"));
        fork.setOnAction(_ -> model.fork(declared()));
        Button add = new Button("Add a change", Icons.icon(Feather.PLUS));
        add.setId("addChange");
        add.getStyleClass().add("flat");
        add.setOnAction(_ -> changes.getChildren().add(change()));
        HBox commands = new HBox(8, steps, fork);
        commands.setAlignment(Pos.CENTER_LEFT);
        VBox card = card("Checkpoints", commands, changes, new HBox(8, add, save));
        VBox.setVgrow(card.getChildren().getLast(), Priority.NEVER);
        card.setMinHeight(Region.USE_PREF_SIZE);
        return card;
    }

    /// A declared change of a fork: which number, and its value.
    private Node change() {
        ComboBox<String> path = new ComboBox<>();
        path.getItems().setAll(rows.keySet());
        path.setEditable(true);
        path.setPromptText("setting");
        path.setAccessibleText("Setting to change in the fork");
        HBox.setHgrow(path, Priority.ALWAYS);
        path.setMaxWidth(Double.MAX_VALUE);
        TextField value = new TextField();
        value.setPrefColumnCount(6);
        value.setPromptText("value");
        value.setAccessibleText("Its value in the fork");
        Button remove = Icons.iconButton(Feather.X, "Remove this change", "");
        HBox line = new HBox(6, path, value, remove);
        line.setAlignment(Pos.CENTER_LEFT);
        remove.setOnAction(_ -> changes.getChildren().remove(line));
        return line;
    }

    private List<String> declared() {
        List<String> declared = new ArrayList<>();
        for (Node line : changes.getChildren()) {
            List<Node> parts = ((HBox) line).getChildren();
            String path = ((ComboBox<?>) parts.getFirst()).getEditor().getText();
            String value = ((TextField) parts.get(1)).getText();
            if (!path.isBlank()) {
                declared.add(path.strip() + "=" + value.strip().replace('−', '-'));
            }
        }
        return declared;
    }

    private void choose(int index) {
        if (!showing && index >= 0) {
            model.forkStep().set(model.checkpoints().get().get(index));
        }
    }

    private void showCheckpoints() {
        showing = true;
        List<Integer> known = model.checkpoints().get();
        List<String> names =
                known.stream().map(step -> "from step " + Numbers.fixed(step, 0)).toList();
        if (!steps.getItems().equals(names)) {
            steps.getItems().setAll(names);
        }
        Integer from = model.forkedFrom();
        steps.getSelectionModel().select(from == null ? -1 : known.indexOf(from));
        showing = false;
        steps.setDisable(known.isEmpty());
        fork.setDisable(from == null || model.forking().get());
        fork.setText(model.forking().get() ? "Forking…" : "Fork here");
    }

    private void showHistory(List<RunEvent> events) {
        history.getChildren().clear();
        if (events.isEmpty()) {
            Label nothing = new Label("Alarms, edits, pauses and checkpoints are listed here.");
            nothing.getStyleClass().add("quiet");
            nothing.setWrapText(true);
            history.getChildren().add(nothing);
        }
        GridPane grid = new GridPane();
        grid.setHgap(8);
        grid.setVgap(4);
        for (RunEvent event : events) {
            Hyperlink step = new Hyperlink("step " + Numbers.fixed(event.step(), 0));
            step.setMinWidth(Region.USE_PREF_SIZE);
            step.setOnAction(_ -> goTo.accept(event.step()));
            Label words = new Label(event.sentence(), icon(event));
            words.setWrapText(true);
            words.setMinHeight(Region.USE_PREF_SIZE);
            words.setTooltip(new Tooltip("At " + CLOCK.format(event.time())));
            words.getStyleClass().add("event");
            grid.addRow(grid.getRowCount(), step, words);
        }
        history.getChildren().add(grid);
    }

    private static Node icon(RunEvent event) {
        return Icons.icon(
                switch (event) {
                    case RunEvent.Alarm _ -> Feather.ALERT_TRIANGLE;
                    case RunEvent.Cleared _ -> Feather.CHECK;
                    case RunEvent.Edited _ -> Feather.EDIT_2;
                    case RunEvent.Refused _ -> Feather.X_CIRCLE;
                    case RunEvent.Forked _ -> Feather.GIT_BRANCH;
                    case RunEvent.Resumed _, RunEvent.Asked _ -> Feather.USER;
                });
    }

    private void showProblem(@Nullable Problem next) {
        problem.setText(next == null ? "" : next.what() + " " + next.remedy());
        problem.setVisible(next != null);
        problem.setManaged(next != null);
    }
}
