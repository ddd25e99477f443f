package dev.slimelab.app.compose;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.compose.InspectorViewModel.Content;
import dev.slimelab.app.compose.InspectorViewModel.Group;
import dev.slimelab.app.compose.InspectorViewModel.Line;
import dev.slimelab.app.look.Symbol;
import dev.slimelab.app.look.Theme;

import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// The right column while runs are looked at: their frozen settings, not editable.
public final class InspectorView extends VBox {
    /// Values up to this many letters stay on one line.
    private static final int SHORT = 24;

    private final VBox list = new VBox();
    private final ObservableValue<Theme> theme;
    private final Button again;

    /// @param useAsNewRun begins a draft with these settings
    public InspectorView(
            InspectorViewModel model, Command useAsNewRun, ObservableValue<Theme> theme) {
        this.theme = theme;
        getStyleClass().add("composer");
        list.getStyleClass().add("form");
        ScrollPane scroll = new ScrollPane(list);
        scroll.setAccessibleText("Settings of the runs");
        scroll.setFocusTraversable(true);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("form-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        again = useAsNewRun.button();
        again.setId("useAsNewRun");
        again.getStyleClass().add("wide");
        again.setMaxWidth(Double.MAX_VALUE);
        VBox foot = new VBox(again);
        foot.getStyleClass().add("form-foot");
        getChildren().addAll(scroll, foot);
        model.content().subscribe(this::show);
    }

    private void show(Content content) {
        again.setDisable(content.runs().size() != 1);
        list.getChildren().clear();
        Label title =
                switch (content.runs().size()) {
                    case 0 -> new Label("Settings");
                    case 1 -> new Label(content.runs().getFirst());
                    default -> new Label("What differs");
                };
        title.getStyleClass().add("column-title");
        Label note =
                switch (content.runs().size()) {
                    case 0 -> new Label("No run that can be read is on the charts.");
                    case 1 -> new Label("Frozen settings of this run");
                    default ->
                            new Label(
                                    content.groups().isEmpty()
                                            ? "The runs on the charts have the same settings."
                                            : "Settings in which the runs on the charts differ");
                };
        note.getStyleClass().add("quiet");
        note.setWrapText(true);
        list.getChildren().addAll(title, note);
        if (!content.equations().isEmpty()) {
            list.getChildren()
                    .add(new FormulaView(new SimpleObjectProperty<>(content.equations()), theme));
        }
        boolean several = content.runs().size() > 1;
        for (Group group : content.groups()) {
            Label head = new Label(group.title());
            head.getStyleClass()
                    .add(several && group.title().contains(".") ? "path-title" : "section-title");
            list.getChildren().add(head);
            group.lines()
                    .forEach(
                            line ->
                                    list.getChildren()
                                            .add(several ? difference(line) : line(line)));
        }
    }

    /// A value and the runs that have it.
    private static Node difference(Line line) {
        Label value = new Label(line.label());
        value.setMinWidth(0);
        value.setMaxWidth(170);
        value.setWrapText(true);
        if (line.label().length() < SHORT) {
            value.setMinWidth(Region.USE_PREF_SIZE);
        }
        Label names = new Label(line.value());
        names.getStyleClass().add("inspected-names");
        names.setWrapText(true);
        names.setMinWidth(0);
        names.setMinHeight(Region.USE_PREF_SIZE);
        Region gap = new Region();
        gap.setMinWidth(12);
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox row = new HBox(value, gap, names);
        row.setAlignment(Pos.BASELINE_LEFT);
        row.getStyleClass().add("inspected-row");
        return row;
    }

    private static Node line(Line line) {
        Label label = new Label(line.label());
        label.getStyleClass().add("quiet");
        label.setMinWidth(Region.USE_PREF_SIZE);
        Symbol.behind(label, line.symbol());
        Label value = new Label(line.value());
        value.getStyleClass().add("inspected");
        value.setMinWidth(0);
        value.setTooltip(new Tooltip(line.value()));
        Tooltip help =
                new Tooltip(
                        (line.help().isEmpty() ? "" : line.help() + "\n")
                                + "In a spec: "
                                + line.path());
        label.setTooltip(help);
        Region gap = new Region();
        gap.setMinWidth(12);
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox row = new HBox(label, gap, value);
        row.setAlignment(Pos.BASELINE_LEFT);
        row.getStyleClass().add("inspected-row");
        return row;
    }
}
