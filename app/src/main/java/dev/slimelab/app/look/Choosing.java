package dev.slimelab.app.look;

import javafx.scene.input.Dragboard;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.util.List;

/// Ways to name a file with the mouse. Each gives a path, or null where nothing was chosen.
public final class Choosing {
    private Choosing() {}

    public static @Nullable String file(Window owner, String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        return path(chooser.showOpenDialog(owner));
    }

    public static @Nullable String folder(Window owner, String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(title);
        return path(chooser.showDialog(owner));
    }

    /// A file to write, which need not be there.
    ///
    /// @param suggested its name
    public static @Nullable String fileToWrite(Window owner, String title, String suggested) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.setInitialFileName(suggested);
        return path(chooser.showSaveDialog(owner));
    }

    public static @Nullable String dropped(Dragboard board) {
        List<File> files = board.getFiles();
        return files == null || files.isEmpty() ? null : path(files.getFirst());
    }

    private static @Nullable String path(@Nullable File file) {
        return file == null ? null : file.getPath();
    }
}
