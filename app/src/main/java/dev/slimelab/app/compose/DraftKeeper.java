package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.compose.ComposerFolder.Left;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecText.Format;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Keeps what is being composed on the disk after every change, and brings it back when a window
/// opens.
final class DraftKeeper {
    private final ComposerViewModel composer;
    private final SpecTextViewModel text;
    private final Background background;
    private final ComposerFolder folder;
    private final ReadOnlyObjectWrapper<@Nullable Problem> problem = new ReadOnlyObjectWrapper<>();
    private boolean writing;
    private boolean closed;
    private @Nullable Left written;

    DraftKeeper(
            ComposerViewModel composer,
            SpecTextViewModel text,
            Background background,
            ComposerFolder folder) {
        this.composer = composer;
        this.text = text;
        this.background = background;
        this.folder = folder;
    }

    /// Why the last change is not on the disk; null where it is.
    ReadOnlyObjectProperty<@Nullable Problem> problem() {
        return problem.getReadOnlyProperty();
    }

    /// Brings back what was left, unless something was composed meanwhile, and follows from then
    /// on.
    void restore() {
        Draft first = composer.draft().get();
        background.run(
                "",
                () -> Optional.ofNullable(folder.left()),
                left -> {
                    left.filter(_ -> composer.draft().get().equals(first)).ifPresent(this::show);
                    written = now();
                    composer.draft().subscribe(_ -> keep());
                    text.unread().subscribe(_ -> keep());
                },
                problem::set);
    }

    private void show(Left left) {
        composer.restore(left.tree());
        if (left.text() != null) {
            text.restore(left.text(), left.format());
        }
    }

    private Left now() {
        boolean unread = text.unread().get() != null;
        return new Left(
                composer.draft().get().tree(),
                unread ? text.text().get() : null,
                unread ? text.format() : Format.JSON);
    }

    private void keep() {
        Left left = now();
        if (writing || left.equals(written)) {
            return;
        }
        writing = true;
        background.run(
                "",
                () -> {
                    leave(left);
                    return left;
                },
                done -> {
                    written = done;
                    writing = false;
                    problem.set(null);
                    keep();
                },
                failure -> {
                    writing = false;
                    problem.set(failure);
                });
    }

    /// Nothing is written over the last word.
    private synchronized void leave(Left left) {
        if (!closed) {
            folder.leave(left);
        }
    }

    /// Writes what the last change left, when nobody will come back to do so.
    synchronized void close() {
        Left left = now();
        if (written != null && !left.equals(written)) {
            leave(left);
        }
        closed = true;
    }
}
