package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Background.Job;
import dev.slimelab.engine.problem.Problem;
import dev.slimelab.engine.spec.SpecText;
import dev.slimelab.engine.spec.SpecText.Format;
import dev.slimelab.engine.spec.SpecText.NotUnderstood;
import dev.slimelab.engine.spec.SpecText.Reading;
import dev.slimelab.engine.spec.SpecText.Understood;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/// The draft as text that can be edited. Every letter that leaves a readable text changes the
/// draft; what is not readable stays as it was typed, and the draft cannot be started until it is
/// mended or discarded.
///
/// Workers read and write the text: of what is typed faster than they read, the last counts.
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

    /// A draft's text, and the lines of its settings.
    private record Written(String text, Reading reading) {
        static Written of(ObjectNode tree, Format format) {
            String text = SpecText.write(tree, format);
            return new Written(text, SpecText.read(text, format));
        }
    }

    private final ComposerViewModel composer;
    private final Background background;
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Mistake> mistake = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Mistake> unread = new ReadOnlyObjectWrapper<>();
    private Format format = Format.JSON;
    private boolean shown;
    private boolean writing;
    private boolean reading;
    private Job job = Job.NONE;
    private final List<Runnable> waiting = new ArrayList<>();

    SpecTextViewModel(ComposerViewModel composer, Background background) {
        this.composer = composer;
        this.background = background;
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
        reading = true;
        Format as = format;
        job.cancel();
        job = background.run("", () -> SpecText.read(typed, as), this::take, this::refuse);
    }

    private void take(Reading read) {
        reading = false;
        switch (read) {
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
            case NotUnderstood(int line, String why, String remedy) ->
                    refuse(new Mistake(line, Problem.badRequest("The text " + why + ".", remedy)));
        }
        letGoOn();
    }

    private void refuse(Problem problem) {
        reading = false;
        refuse(new Mistake(0, problem));
        letGoOn();
    }

    private void refuse(Mistake found) {
        mistake.set(found);
        composer.hold(found.problem());
        unread.set(found);
    }

    private void letGoOn() {
        List<Runnable> due = List.copyOf(waiting);
        waiting.clear();
        due.forEach(Runnable::run);
    }

    /// Whether the draft says what the text does.
    public boolean isInDraft() {
        return !reading && unread.get() == null;
    }

    /// Does something that must not overtake what was typed: at once, or when it has been read.
    public void whenRead(Runnable then) {
        if (reading) {
            waiting.add(then);
        } else {
            then.run();
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
        ObjectNode tree = composer.draft().get().tree();
        Format as = format;
        reading = false;
        job.cancel();
        job = background.run("", () -> Written.of(tree, as), this::show, this::refuse);
        letGoOn();
    }

    private void show(Written written) {
        text.set(written.text());
        if (written.reading() instanceof Understood understood) {
            judge(understood);
        }
    }

    private void judge(Understood understood) {
        Problem refused = composer.problem().get();
        mistake.set(refused == null ? null : new Mistake(understood.line(refused), refused));
    }
}
