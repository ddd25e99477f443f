package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.compose.ComposerFolder.Left;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecText.Format;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
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
    private @Nullable Left written;
    private volatile @Nullable Left newest;

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
        boolean inDraft = text.isInDraft();
        return new Left(
                composer.draft().get().tree(),
                inDraft ? null : text.text().get(),
                inDraft ? Format.JSON : text.format());
    }

    private void keep() {
        newest = now();
        if (!writing && !newest.equals(written)) {
            write();
        }
    }

    private void write() {
        writing = true;
        background.run(
                "",
                this::leave,
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

    /// One at a time, and always the newest: nothing is written over the last word.
    private synchronized Left leave() {
        Left left = Objects.requireNonNull(newest);
        folder.leave(left);
        return left;
    }

    /// Has written what the last change left: nobody will come back to do so.
    void close() {
        newest = now();
        if (written != null && !newest.equals(written)) {
            write();
        }
    }
}
