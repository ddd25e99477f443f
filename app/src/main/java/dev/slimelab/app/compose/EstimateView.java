package dev.slimelab.app.compose;

import dev.slimelab.app.compose.EstimateViewModel.Measured;
import dev.slimelab.app.compose.EstimateViewModel.Setting;
import dev.slimelab.app.look.Numbers;
import dev.slimelab.engine.problem.Problem;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Memory and time before the start: a bar with what is left of the machine, and beside it what
/// other settings would need.
final class EstimateView extends VBox {
    /// Above, other programs have too little left.
    private static final double TIGHT = 0.85;

    /// Above, the seconds say little.
    private static final double MUCH_TAKEN = 0.1;

    private final EstimateViewModel model;

    EstimateView(EstimateViewModel model) {
        super(4);
        this.model = model;
        setId("estimate");
        getStyleClass().add("estimate");
        model.measured().subscribe(_ -> show());
        model.measuring().subscribe(_ -> show());
        model.problem().subscribe(_ -> show());
    }

    private void show() {
        List<Node> nodes = new ArrayList<>();
        nodes.add(head());
        Problem refused = model.problem().get();
        if (refused != null) {
            Label why = ModelFactsView.words(refused.what() + " " + refused.remedy());
            why.getStyleClass().setAll("label", "refusal");
            nodes.add(why);
        }
        for (Measured measured : model.measured().get()) {
            nodes.addAll(
                    measured.otherwise().isEmpty()
                            ? ofDraft(measured.estimate())
                            : List.of(otherwise(measured)));
        }
        getChildren().setAll(nodes);
    }

    private Node head() {
        Label title = new Label("Memory and time");
        title.getStyleClass().add("term-title");
        title.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button action = new Button(model.measuring().get() ? "Cancel" : "Estimate");
        action.setId("estimateDraft");
        action.getStyleClass().add("small");
        action.setMinWidth(Region.USE_PREF_SIZE);
        if (model.measuring().get()) {
            action.setOnAction(_ -> model.cancel());
        } else {
            action.disableProperty().bind(model.incomplete());
            action.setTooltip(
                    new Tooltip("Takes a few steps, the longest among them; nothing is written."));
            action.setOnAction(_ -> model.measure());
        }
        HBox head = new HBox(8, title, gap);
        if (model.measuring().get()) {
            ProgressBar bar = new ProgressBar();
            bar.setAccessibleText("Estimating");
            bar.getStyleClass().add("run-progress");
            head.getChildren().add(bar);
        }
        head.getChildren().add(action);
        head.setAlignment(Pos.CENTER_LEFT);
        return head;
    }

    private static List<Node> ofDraft(Estimate estimate) {
        double share = estimate.shareOfMemory();
        ProgressBar bar = new ProgressBar(Double.isNaN(share) ? 0 : Math.min(share, 1));
        bar.setId("memoryBar");
        bar.getStyleClass().add(share > 1 ? "danger" : share > TIGHT ? "warning" : "success");
        bar.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(bar, Priority.ALWAYS);
        Label memory =
                new Label(
                        Numbers.bytes(estimate.peakBytes())
                                + " of "
                                + Numbers.bytes(estimate.machineBytes()));
        memory.getStyleClass().add("fact");
        memory.setMinWidth(Region.USE_PREF_SIZE);
        bar.setAccessibleText("Memory: " + memory.getText());
        HBox line = new HBox(8, bar, memory);
        line.setAlignment(Pos.CENTER_LEFT);
        List<Node> nodes = new ArrayList<>(List.of(line, ModelFactsView.words(time(estimate))));
        if (share > TIGHT) {
            nodes.add(
                    warning(
                            share > 1
                                    ? "More than this machine has: make microBatchPairs smaller,"
                                            + " or set gradientCheckpointing."
                                    : "Little is left for other programs."));
        }
        if (estimate.takenByOthers() > MUCH_TAKEN) {
            nodes.add(
                    warning(
                            "Other programs took %.0f%s%% of the processors meanwhile: alone it is faster."
                                    .formatted(
                                            100 * estimate.takenByOthers(), Numbers.NARROW_SPACE)));
        }
        return nodes;
    }

    private static Label otherwise(Measured measured) {
        String settings =
                measured.otherwise().stream()
                        .map(EstimateView::setting)
                        .collect(Collectors.joining(", "));
        return ModelFactsView.words(
                "With "
                        + settings
                        + ": "
                        + Numbers.bytes(measured.estimate().peakBytes())
                        + ", "
                        + seconds(measured.estimate())
                        + " a step.");
    }

    private static String setting(Setting setting) {
        String path = setting.path();
        return path.substring(path.lastIndexOf('.') + 1) + " " + setting.value();
    }

    private static String time(Estimate estimate) {
        return Numbers.span(Duration.ofMillis(Math.round(1000 * estimate.trainingSeconds())))
                + " for "
                + Numbers.fixed(estimate.steps(), 0)
                + " steps of "
                + seconds(estimate)
                + ", plus evaluations.";
    }

    private static String seconds(Estimate estimate) {
        return Numbers.significant(estimate.secondsPerStep(), 3) + Numbers.NARROW_SPACE + "s";
    }

    private static Label warning(String text) {
        Label words = ModelFactsView.words(text);
        words.getStyleClass().add("warning");
        return words;
    }
}
