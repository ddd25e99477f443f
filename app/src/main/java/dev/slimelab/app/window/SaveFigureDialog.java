package dev.slimelab.app.window;

import dev.slimelab.app.chart.FigureFormat;

import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Path;

/// Asks where a figure is to be written; the ending of the name decides the format.
final class SaveFigureDialog {
    private SaveFigureDialog() {}

    /// Null where nothing was chosen. A name without an ending gets that of the chosen format.
    static @Nullable Path ask(Window owner) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Export figure");
        chooser.setInitialFileName("figure.png");
        for (FigureFormat format : FigureFormat.values()) {
            chooser.getExtensionFilters()
                    .add(new ExtensionFilter(format.words(), "*" + format.ending()));
        }
        File chosen = chooser.showSaveDialog(owner);
        if (chosen == null) {
            return null;
        }
        ExtensionFilter filter = chooser.getSelectedExtensionFilter();
        String ending =
                filter == null
                        ? FigureFormat.PNG.ending()
                        : filter.getExtensions().getFirst().substring(1);
        return chosen.getName().contains(".")
                ? chosen.toPath()
                : chosen.toPath().resolveSibling(chosen.getName() + ending);
    }
}
