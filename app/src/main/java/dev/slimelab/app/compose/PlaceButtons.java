package dev.slimelab.app.compose;

import dev.slimelab.app.look.Icons;
import dev.slimelab.engine.parameter.Parameter.Place;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.control.Button;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

import java.io.File;
import java.util.function.Consumer;

/// Beside a field that names a file or folder: the system's choosers, and what was used lately.
final class PlaceButtons extends HBox {
    private final FormField field;
    private final RecentViewModel recent;
    private final Consumer<String> take;
    private final MenuButton lately = new MenuButton("", Icons.icon(Feather.CLOCK));

    /// @param take receives the path that was chosen
    PlaceButtons(FormField field, RecentViewModel recent, Consumer<String> take) {
        this.field = field;
        this.recent = recent;
        this.take = take;
        Place place = field.parameter().place();
        if (place != Place.FOLDER) {
            getChildren().add(button(Feather.FILE, "Choose a file", this::chooseFile));
        }
        if (place != Place.FILE) {
            getChildren().add(button(Feather.FOLDER, "Choose a folder", this::chooseFolder));
        }
        lately.setAccessibleText("Used lately: " + field.parameter().label());
        lately.getStyleClass().addAll("button-icon", "flat", "no-arrow");
        lately.setMinWidth(Region.USE_PREF_SIZE);
        getChildren().add(lately);
        ObservableList<String> known = recent.of(place);
        known.addListener((ListChangeListener<String>) _ -> show(known));
        show(known);
    }

    private static Button button(Feather icon, String verb, Runnable action) {
        Button button = Icons.iconButton(icon, verb, "");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private void show(ObservableList<String> known) {
        lately.setDisable(known.isEmpty());
        lately.getItems()
                .setAll(
                        known.stream()
                                .map(
                                        path -> {
                                            MenuItem item = new MenuItem(path);
                                            item.setMnemonicParsing(false);
                                            item.setOnAction(_ -> choose(path));
                                            return item;
                                        })
                                .toList());
    }

    private void chooseFolder() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(field.parameter().label());
        took(chooser.showDialog(getScene().getWindow()));
    }

    private void chooseFile() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(field.parameter().label());
        took(chooser.showOpenDialog(getScene().getWindow()));
    }

    private void took(@Nullable File chosen) {
        if (chosen != null) {
            choose(chosen.getAbsolutePath());
        }
    }

    private void choose(String path) {
        recent.use(field.parameter().place(), path);
        take.accept(path);
    }
}
