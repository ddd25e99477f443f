package dev.slimelab.app.window;

import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;

/// Asks where a figure is to be written; the ending of the name decides the format.
final class SaveFigureDialog {
    private static final ExtensionFilter PNG = new ExtensionFilter("Picture (PNG)", "*.png");
    private static final ExtensionFilter SVG = new ExtensionFilter("Drawing (SVG)", "*.svg");

    private SaveFigureDialog() {}

    /// Null where nothing was chosen. A name without an ending gets that of the chosen format.
    static @Nullable Path ask(Window owner) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Export figure");
        chooser.setInitialFileName("figure.png");
        chooser.getExtensionFilters().setAll(PNG, SVG);
        File chosen = chooser.showSaveDialog(owner);
        if (chosen == null) {
            return null;
        }
        String ending = chooser.getSelectedExtensionFilter() == SVG ? ".svg" : ".png";
        return chosen.getName().contains(".")
                ? chosen.toPath()
                : chosen.toPath().resolveSibling(chosen.getName() + ending);
    }
}
