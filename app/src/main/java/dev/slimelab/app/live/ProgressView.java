package dev.slimelab.app.live;

import dev.slimelab.app.library.RunPhase;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/// The status line at the foot of the window.
public final class ProgressView extends HBox {
    private final Label step = new Label();
    private final ProgressBar bar = new ProgressBar(0);
    private final Label facts = new Label();
    private final Region dot = new Region();
    private final Label empty = new Label("No run selected. Click one to see how it stands.");

    /// @param activity what the window itself is busy with, in words
    public ProgressView(
            ObservableValue<@Nullable Progress> progress, ObservableValue<String> activity) {
        setId("progress");
        getStyleClass().add("status-line");
        setAlignment(Pos.CENTER_LEFT);
        step.getStyleClass().add("number");
        step.setMinWidth(Region.USE_PREF_SIZE);
        facts.setMinWidth(Region.USE_PREF_SIZE);
        facts.getStyleClass().add("quiet");
        empty.getStyleClass().add("quiet");
        dot.getStyleClass().add("status-dot");
        bar.setAccessibleText("Progress of the run");
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.getStyleClass().add("run-progress");
        HBox.setHgrow(bar, Priority.ALWAYS);
        Label busy = new Label();
        busy.getStyleClass().add("quiet");
        busy.textProperty().bind(activity);
        busy.managedProperty().bind(busy.textProperty().isNotEmpty());
        getChildren().addAll(empty, step, bar, dot, facts, busy);
        progress.subscribe(this::show);
    }

    private void show(@Nullable Progress now) {
        for (Region part : new Region[] {step, bar, dot, facts}) {
            part.setVisible(now != null);
            part.setManaged(now != null);
        }
        empty.setVisible(now == null);
        empty.setManaged(now == null);
        if (now == null) {
            return;
        }
        step.setText(now.step());
        bar.setProgress(now.share() < 0 ? 0 : now.share());
        facts.setText(String.join(" · ", now.facts()));
        RunPhase.Tone tone = now.phase().tone();
        dot.getStyleClass().setAll("status-dot", "tone-" + tone.name().toLowerCase(Locale.ROOT));
    }
}
