package dev.slimelab.app.ablation;

import dev.slimelab.app.ablation.SweepReader.Shown;
import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.parameter.Settings;
import dev.slimelab.engine.queue.Entry;
import dev.slimelab.engine.queue.Entry.State;
import dev.slimelab.engine.queue.QueueProgress;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Spinner;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// The runs of a sweep as they wait, train and end, with what can be done about each.
final class QueueView extends VBox {
    private static final int MOST_ROWS = 8;
    private static final double ROW_HEIGHT = 34;

    private final AblationViewModel model;
    private final Label summary = new Label();
    private final Button pause = new Button();
    private final Spinner<Integer> atOnce = new Spinner<>(1, 64, 2);
    private final ListView<Entry> list = new ListView<>();
    private final HBox tools;
    private boolean showing = true; // nothing is asked for before the queue has been read

    QueueView(AblationViewModel model) {
        super(8);
        this.model = model;
        getStyleClass().addAll("card", "ablation-card");
        setId("queue");
        Label title = new Label("Queue");
        title.getStyleClass().add("column-title");
        summary.setId("queueSummary");
        summary.setWrapText(true);
        summary.setMinWidth(0);
        summary.getStyleClass().add("quiet");
        HBox.setHgrow(summary, Priority.ALWAYS);
        pause.setId("pauseQueue");
        pause.setMinWidth(Region.USE_PREF_SIZE);
        atOnce.setId("atOnce");
        atOnce.setPrefWidth(76);
        atOnce.setMinWidth(76);
        atOnce.setAccessibleText("Runs at once");
        atOnce.setTooltip(new Tooltip("Runs trained at the same time"));
        atOnce.getEditor().setAccessibleText("Runs at once");
        atOnce.valueProperty()
                .subscribe(
                        value -> {
                            if (!showing && value != null) {
                                model.setAtOnce(value);
                            }
                        });
        Label together = new Label("at once");
        together.getStyleClass().add("quiet");
        together.setMinWidth(Region.USE_PREF_SIZE);
        tools = new HBox(8, atOnce, together, pause);
        tools.setAlignment(Pos.CENTER_RIGHT);
        tools.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(12, title, summary, tools);
        title.setMinWidth(Region.USE_PREF_SIZE);
        head.setAlignment(Pos.CENTER_LEFT);
        list.setId("queueList");
        list.setAccessibleText("Runs of the queue");
        list.setFixedCellSize(ROW_HEIGHT);
        list.setCellFactory(_ -> new Row());
        getChildren().addAll(head, list);
        model.shown().subscribe(this::show);
    }

    private void show(@Nullable Shown now) {
        if (now == null) {
            return;
        }
        showing = true;
        List<Entry> entries = now.entries();
        boolean own = !now.found().sample();
        summary.setText(words(now));
        tools.setVisible(own);
        tools.setManaged(own);
        atOnce.getValueFactory().setValue(now.settings().atOnce());
        boolean paused = now.settings().paused();
        pause.setText(paused ? "Continue" : "Pause queue");
        pause.setGraphic(Icons.icon(paused ? Feather.PLAY : Feather.PAUSE));
        pause.setOnAction(_ -> model.setPaused(!paused));
        if (!entries.equals(list.getItems())) {
            if (entries.size() == list.getItems().size()) {
                for (int i = 0; i < entries.size(); i++) {
                    if (!entries.get(i).equals(list.getItems().get(i))) {
                        list.getItems().set(i, entries.get(i));
                    }
                }
            } else {
                list.getItems().setAll(entries);
            }
        }
        boolean any = !entries.isEmpty();
        list.setVisible(any);
        list.setManaged(any);
        double height = Math.min(MOST_ROWS, entries.size()) * ROW_HEIGHT + 4;
        list.setMinHeight(height);
        list.setPrefHeight(height);
        showing = false;
    }

    private static String words(Shown now) {
        if (now.entries().isEmpty()) {
            return now.planned() + " runs, finished.";
        }
        String summary =
                QueueProgress.summary(now.entries(), now.settings().atOnce(), Instant.now());
        boolean waits = now.entries().stream().anyMatch(entry -> entry.state() == State.WAITING);
        return now.settings().paused()
                ? summary + ". Paused: nothing more is begun."
                : waits && !now.owned() ? summary + ". Nobody works on it yet." : summary + ".";
    }

    private final class Row extends ListCell<Entry> {
        private final Region dot = new Region();
        private final Label name = new Label();
        private final ProgressBar progress = new ProgressBar(0);
        private final Label state = new Label();
        private final Button up = Icons.iconButton(Feather.ARROW_UP, "Earlier", "");
        private final Button down = Icons.iconButton(Feather.ARROW_DOWN, "Later", "");
        private final Button urgent = Icons.iconButton(Feather.CHEVRONS_UP, "Urgent", "");
        private final Button end = Icons.iconButton(Feather.X, "Cancel", "");
        private final Button again = Icons.iconButton(Feather.ROTATE_CW, "Try again", "");
        private final HBox line;

        Row() {
            dot.getStyleClass().add("status-dot");
            name.setMinWidth(0);
            state.getStyleClass().add("run-state");
            state.setMinWidth(76);
            progress.getStyleClass().add("run-progress");
            progress.setPrefWidth(80);
            progress.setMinWidth(40);
            HBox.setHgrow(name, Priority.ALWAYS);
            name.setMaxWidth(Double.MAX_VALUE);
            line = new HBox(8, dot, name, progress, state, up, down, urgent, end, again);
            line.setAlignment(Pos.CENTER_LEFT);
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            if (entry == null || empty) {
                setGraphic(null);
                setTooltip(null);
                setAccessibleText(null);
                return;
            }
            Shown now = model.shown().get();
            boolean own = now != null && !now.found().sample();
            String run = entry.request().run();
            name.setText(run.substring(run.lastIndexOf('/') + 1));
            State where = entry.state();
            boolean waiting = where == State.WAITING;
            state.setText(
                    Settings.word(where.name())
                            + (waiting && entry.request().priority() > 0 ? ", urgent" : ""));
            String tone =
                    switch (where) {
                        case RUNNING -> "tone-active";
                        case FAILED -> "tone-broken";
                        case WAITING, FINISHED, STOPPED, CANCELLED -> "tone-quiet";
                    };
            dot.getStyleClass().setAll("status-dot", tone);
            state.getStyleClass().setAll("label", "run-state", tone);
            progress.setProgress(
                    where == State.FINISHED
                            ? 1
                            : entry.status() == null ? 0 : entry.status().progress());
            show(progress, where == State.RUNNING);
            show(up, own && waiting);
            show(down, own && waiting);
            show(urgent, own && waiting);
            show(end, own && (waiting || where == State.RUNNING));
            show(
                    again,
                    own
                            && (where == State.FAILED
                                    || where == State.STOPPED
                                    || where == State.CANCELLED));
            up.setOnAction(_ -> model.move(entry, -1));
            down.setOnAction(_ -> model.move(entry, 1));
            urgent.setOnAction(_ -> model.toggleUrgent(entry));
            end.setOnAction(_ -> model.cancel(entry));
            again.setOnAction(_ -> model.retry(entry));
            @Nullable String why = entry.progress().why();
            setTooltip(why == null ? null : new Tooltip(why));
            progress.setAccessibleText("Progress of " + name.getText());
            setAccessibleText(name.getText() + ", " + where.name().toLowerCase(Locale.ROOT));
            setGraphic(line);
        }

        private static void show(javafx.scene.Node node, boolean visible) {
            node.setVisible(visible);
            node.setManaged(visible);
        }
    }
}
