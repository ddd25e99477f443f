package dev.slimelab.app.window;

import dev.slimelab.app.command.Command;
import dev.slimelab.app.look.Icons;
import dev.slimelab.app.look.Numbers;

import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Locale;

/// Text size, appearance and motion.
final class SettingsView extends VBox {
    private final Button close = Icons.iconButton(Feather.X, "Close the settings", "Esc");

    /// @param scaling larger, smaller and back to the usual size
    SettingsView(SettingsViewModel model, List<Command> scaling, Runnable done) {
        super(16);
        setId("settings");
        getStyleClass().addAll("card", "settings");
        Label title = new Label("Settings");
        title.getStyleClass().add("column-title");
        close.setOnAction(_ -> done.run());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(8, title, gap, close);
        head.setAlignment(Pos.CENTER_LEFT);
        GridPane grid = new GridPane();
        grid.setHgap(24);
        grid.setVgap(12);
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(Region.USE_PREF_SIZE);
        grid.getColumnConstraints().add(names);
        grid.addRow(0, new Label("Text size"), scale(model, scaling));
        grid.addRow(
                1,
                new Label("Appearance"),
                choice(
                        "appearance",
                        model.appearance(),
                        SettingsViewModel.Appearance.values(),
                        List.of("As the system", "Light", "Dark")));
        grid.addRow(
                2,
                new Label("Motion"),
                choice(
                        "motion",
                        model.motion(),
                        SettingsViewModel.Motion.values(),
                        List.of("As the system", "Full", "Reduced")));
        Label kept =
                new Label("Kept for this and the next windows. Figures as files do not change.");
        kept.getStyleClass().add("quiet");
        kept.setWrapText(true);
        getChildren().addAll(head, grid, kept);
        setMaxSize(480, USE_PREF_SIZE);
    }

    void open() {
        close.requestFocus();
    }

    private static Node scale(SettingsViewModel model, List<Command> scaling) {
        Label percent = new Label();
        percent.setId("textScale");
        percent.setMinWidth(56);
        percent.setAlignment(Pos.CENTER);
        HBox line = new HBox(4);
        line.setAlignment(Pos.CENTER_LEFT);
        scaling.forEach(
                command -> {
                    Button button = command.iconButton();
                    line.getChildren().add(button);
                });
        line.getChildren().add(1, percent);
        model.scale()
                .subscribe(
                        now ->
                                percent.setText(
                                        Numbers.fixed(now.intValue(), 0)
                                                + Numbers.NARROW_SPACE
                                                + "%"));
        return line;
    }

    private static <E extends Enum<E>> Node choice(
            String name, ObjectProperty<E> property, E[] all, List<String> words) {
        HBox line = new HBox();
        for (int i = 0; i < all.length; i++) {
            E each = all[i];
            ToggleButton button = new ToggleButton(words.get(i));
            button.setId(name + "-" + each.name().toLowerCase(Locale.ROOT));
            button.setAccessibleText(name + ": " + words.get(i));
            button.getStyleClass()
                    .addAll(
                            "small",
                            i == 0
                                    ? "left-pill"
                                    : i == all.length - 1 ? "right-pill" : "center-pill");
            button.setOnAction(
                    _ -> {
                        property.set(each);
                        button.setSelected(true); // pressing the chosen one does not take it back
                    });
            property.subscribe(now -> button.setSelected(now == each));
            line.getChildren().add(button);
        }
        return line;
    }
}
