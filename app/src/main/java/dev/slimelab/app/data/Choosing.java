package dev.slimelab.app.data;

import javafx.scene.input.Dragboard;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.util.List;

/// Ways to name a file with the mouse. Each gives a path, or null where nothing was chosen.
final class Choosing {
    private Choosing() {}

    static @Nullable String file(Window owner, String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        return path(chooser.showOpenDialog(owner));
    }

    static @Nullable String folder(Window owner, String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(title);
        return path(chooser.showDialog(owner));
    }

    static @Nullable String dropped(Dragboard board) {
        List<File> files = board.getFiles();
        return files == null || files.isEmpty() ? null : path(files.getFirst());
    }

    private static @Nullable String path(@Nullable File file) {
        return file == null ? null : file.getPath();
    }
}
