package dev.slimelab.app.compare;

import dev.slimelab.app.chart.ChartOption;
import dev.slimelab.app.chart.LineChartView;
import dev.slimelab.app.chart.LineChartView.LegendUse;
import dev.slimelab.app.compare.Choice.Form;
import dev.slimelab.app.library.RunTableView;
import dev.slimelab.app.library.RunTableViewModel;
import dev.slimelab.app.look.Theme;

import javafx.beans.value.ObservableValue;
import javafx.collections.ObservableList;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.controlsfx.control.PrefixSelectionComboBox;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The page of comparisons: what to draw, the figure, and below it the library with the settings
/// that differ.
public final class CompareView extends SplitPane {
    /// Over how many measurements curves can be averaged.
    private static final List<Integer> WINDOWS = List.of(1, 10, 50, 200, 1000);

    private static final Map<String, Integer> BOX_WIDTHS = Map.of("metric", 170, "group", 150);

    private final CompareViewModel model;

    public CompareView(
            CompareViewModel model, RunTableViewModel library, ObservableValue<Theme> theme) {
        this.model = model;
        getStyleClass().add("compare");
        setOrientation(Orientation.VERTICAL);
        LineChartView chart = new LineChartView(model.chart(), LegendUse.ALWAYS, theme);
        chart.setId("overlay");
        VBox.setVgrow(chart, Priority.ALWAYS);
        VBox above = new VBox(10, controls(), chart);
        above.getStyleClass().add("compare-part");
        above.setMinHeight(160);
        VBox below = new VBox(new RunTableView(library));
        VBox.setVgrow(below.getChildren().getFirst(), Priority.ALWAYS);
        below.getStyleClass().add("compare-part");
        getItems().addAll(above, below);
        setDividerPositions(0.62);
        sceneProperty().subscribe(scene -> model.watch(scene != null));
    }

    private FlowPane controls() {
        HBox forms = new HBox();
        forms.setId("forms");
        for (Form form : Form.values()) {
            ToggleButton button = new ToggleButton(form.word());
            button.setId("form" + form.word());
            button.getStyleClass().add("small");
            button.setOnAction(
                    _ -> {
                        model.choose(form);
                        button.setSelected(true);
                    });
            model.choice().subscribe(now -> button.setSelected(now.form() == form));
            forms.getChildren().add(button);
        }
        Node along =
                box(
                        "along",
                        "Along",
                        model.alongs(),
                        Choice::along,
                        key -> choice -> choice.withAlong(key));
        Node smoothing = smoothing();
        Node group =
                box(
                        "group",
                        "Group by",
                        model.groups(),
                        Choice::group,
                        key -> choice -> choice.withGroup(key));
        Node logarithmic = option("Log values", ChartOption.LOGARITHMIC_VALUES);
        Node clipped = option("Clip outliers", ChartOption.CLIPPED);
        model.choice()
                .subscribe(
                        now -> {
                            show(along, now.form() != Form.PARALLEL);
                            show(smoothing, now.form() == Form.CURVES);
                            show(group, now.form() == Form.CURVES);
                            show(logarithmic, now.form() != Form.PARALLEL);
                            show(clipped, now.form() != Form.PARALLEL);
                        });
        FlowPane pane =
                new FlowPane(
                        12,
                        8,
                        forms,
                        box(
                                "metric",
                                "Metric",
                                model.metrics(),
                                Choice::metric,
                                key -> choice -> choice.withMetric(key)),
                        along,
                        smoothing,
                        group,
                        logarithmic,
                        clipped);
        pane.getStyleClass().add("compare-controls");
        pane.setMinHeight(USE_PREF_SIZE);
        return pane;
    }

    private static void show(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    private HBox box(
            String id,
            String words,
            ObservableList<String> keys,
            Function<Choice, String> read,
            Function<String, UnaryOperator<Choice>> change) {
        ComboBox<String> box = new PrefixSelectionComboBox<>();
        box.setItems(keys);
        return labelled(id, words, box, read, change);
    }

    private HBox smoothing() {
        ComboBox<Integer> box = new ComboBox<>();
        box.getItems().setAll(WINDOWS);
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(Integer window) {
                        return window == null || window == 1 ? "none" : "over " + window;
                    }

                    @Override
                    public Integer fromString(String words) {
                        return WINDOWS.getFirst();
                    }
                });
        return labelled(
                "smoothing",
                "Smoothing",
                box,
                Choice::window,
                window -> choice -> choice.withWindow(window));
    }

    private <T> HBox labelled(
            String id,
            String words,
            ComboBox<T> box,
            Function<Choice, T> read,
            Function<T, UnaryOperator<Choice>> change) {
        box.setId(id);
        box.setAccessibleText(words);
        box.setVisibleRowCount(16);
        box.setPrefWidth(BOX_WIDTHS.getOrDefault(id, 110));
        model.choice().subscribe(now -> box.setValue(read.apply(now)));
        box.valueProperty()
                .subscribe(
                        value -> {
                            Choice now = model.choice().get();
                            if (value == null) {
                                box.setValue(read.apply(now));
                            } else if (!value.equals(read.apply(now))) {
                                model.change(change.apply(value));
                            }
                        });
        Label label = new Label(words);
        label.setLabelFor(box);
        label.getStyleClass().add("quiet");
        HBox both = new HBox(6, label, box);
        both.setAlignment(Pos.CENTER_LEFT);
        return both;
    }

    private ToggleButton option(String words, ChartOption option) {
        ToggleButton button = new ToggleButton(words);
        button.setId(option.name().toLowerCase(Locale.ROOT));
        button.getStyleClass().add("small");
        button.setTooltip(
                new Tooltip(
                        option == ChartOption.CLIPPED
                                ? "Leave the outermost hundredths of the values outside the axis"
                                : "A logarithmic axis, where all values are above 0"));
        button.setOnAction(_ -> model.chart().toggle(option));
        model.chart().options().subscribe(options -> button.setSelected(options.contains(option)));
        return button;
    }
}
