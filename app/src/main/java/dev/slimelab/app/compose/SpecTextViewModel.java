package dev.slimelab.app.compose;

import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecText;
import dev.slimelab.engine.spec.SpecText.Format;
import dev.slimelab.engine.spec.SpecText.NotUnderstood;
import dev.slimelab.engine.spec.SpecText.Understood;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

/// The draft as text that can be edited. Every letter that leaves a readable text changes the
/// draft; what is not readable stays as it was typed, and the draft cannot be started until it is
/// mended or discarded.
public final class SpecTextViewModel {
    /// What is wrong, and where.
    ///
    /// @param line from 1; 0 where it is not known
    record Mistake(int line, Problem problem) {
        String sentence() {
            return (line > 0 ? "Line " + line + ": " : "")
                    + problem.what()
                    + " "
                    + problem.remedy();
        }
    }

    private final ComposerViewModel composer;
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Mistake> mistake = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Mistake> unread = new ReadOnlyObjectWrapper<>();
    private Format format = Format.JSON;
    private boolean shown;
    private boolean writing;

    SpecTextViewModel(ComposerViewModel composer) {
        this.composer = composer;
        composer.draft().subscribe(_ -> follow());
    }

    /// The text; changes by itself only where the draft changes otherwise.
    ReadOnlyStringProperty text() {
        return text.getReadOnlyProperty();
    }

    /// What is wrong with text or settings; null where nothing is.
    ReadOnlyObjectProperty<@Nullable Mistake> mistake() {
        return mistake.getReadOnlyProperty();
    }

    /// Why the text is not in the draft; null where it is.
    ReadOnlyObjectProperty<@Nullable Mistake> unread() {
        return unread.getReadOnlyProperty();
    }

    Format format() {
        return format;
    }

    /// Nobody looks: the text need not follow the draft.
    void hide() {
        shown = false;
    }

    /// Shows the draft in a format; text that cannot be read stays as it is.
    void show(Format next) {
        shown = true;
        if (unread.get() == null) {
            format = next;
            refresh();
        }
    }

    /// Takes a text as it is typed.
    void type(String typed) {
        if (typed.equals(text.get())) {
            return;
        }
        text.set(typed);
        switch (SpecText.read(typed, format)) {
            case Understood understood -> {
                writing = true;
                if (unread.get() != null) {
                    composer.letGo();
                    unread.set(null);
                }
                composer.write(understood.tree());
                writing = false;
                judge(understood);
            }
            case NotUnderstood(int line, String why, String remedy) -> {
                Problem problem = Problem.badRequest("The text " + why + ".", remedy);
                Mistake found = new Mistake(line, problem);
                mistake.set(found);
                composer.hold(problem);
                unread.set(found);
            }
        }
    }

    /// Brings back a text that could not be read when it was left.
    void restore(String typed, Format as) {
        format = as;
        type(typed);
    }

    /// Gives up a text that cannot be read; the draft is as it was before.
    void discard() {
        composer.letGo();
        refresh();
    }

    private void follow() {
        if (!writing && (shown || unread.get() != null)) {
            refresh();
        }
    }

    private void refresh() {
        unread.set(null);
        text.set(SpecText.write(composer.draft().get().tree(), format));
        if (SpecText.read(text.get(), format) instanceof Understood understood) {
            judge(understood);
        }
    }

    private void judge(Understood understood) {
        Problem refused = composer.problem().get();
        mistake.set(refused == null ? null : new Mistake(understood.line(refused), refused));
    }
}
