package dev.slimelab.app.live;

import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Numbers;

import javafx.beans.property.DoubleProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/// Goes through a run's measured steps: by dragging, with the arrow keys, or back to the latest,
/// which is then followed while the run goes on.
final class StepSlider extends HBox {
    private final ObservableValue<List<Integer>> steps;
    private final DoubleProperty chosen;
    private final Slider slider = new Slider(0, 0, 0);
    private final Label words = new Label();
    private final Button latest = Icons.iconButton(Feather.SKIP_FORWARD, "Follow the latest", "");
    private boolean showing = true;

    /// @param chosen the step; NaN follows the latest
    StepSlider(ObservableValue<List<Integer>> steps, DoubleProperty chosen) {
        super(8);
        this.steps = steps;
        this.chosen = chosen;
        setAlignment(Pos.CENTER_LEFT);
        words.setMinWidth(Region.USE_PREF_SIZE);
        slider.setAccessibleText("Step to look at");
        slider.setBlockIncrement(1);
        slider.setMajorTickUnit(1);
        slider.setMinorTickCount(0);
        slider.setSnapToTicks(true);
        HBox.setHgrow(slider, Priority.ALWAYS);
        slider.setMaxWidth(Double.MAX_VALUE);
        latest.setOnAction(_ -> chosen.set(Double.NaN));
        getChildren().addAll(words, slider, latest);
        slider.valueProperty().subscribe(value -> choose((int) Math.round(value.doubleValue())));
        showing = false;
        steps.subscribe(_ -> show());
        chosen.subscribe(_ -> show());
    }

    /// The last of the steps that is not after a chosen one, the first where all are after it, the
    /// latest where none is chosen; -1 where there are no steps.
    static int at(List<Integer> steps, double chosen) {
        if (steps.isEmpty()) {
            return -1;
        }
        if (Double.isNaN(chosen)) {
            return steps.getLast();
        }
        return steps.reversed().stream()
                .filter(step -> step <= chosen)
                .findFirst()
                .orElse(steps.getFirst());
    }

    private void choose(int index) {
        if (!showing && index < steps.getValue().size()) {
            chosen.set(steps.getValue().get(index));
        }
    }

    private void show() {
        List<Integer> all = steps.getValue();
        int step = at(all, chosen.get());
        setVisible(step >= 0);
        showing = true;
        slider.setMax(Math.max(0, all.size() - 1));
        slider.setValue(all.indexOf(step));
        showing = false;
        slider.setDisable(all.size() < 2);
        latest.setDisable(Double.isNaN(chosen.get()));
        words.setText(step < 0 ? "" : "after step " + Numbers.fixed(step, 0));
    }
}
