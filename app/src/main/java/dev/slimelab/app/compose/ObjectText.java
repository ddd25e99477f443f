package dev.slimelab.app.compose;

import dev.slimelab.app.background.Background;
import dev.slimelab.app.background.Background.Job;
import dev.slimelab.app.compose.ComposerViewModel.Gesture;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Objects;
import java.util.Optional;

/// The text of a setting that is an object, such as `then`. Workers read and write it; of what is
/// typed faster than they read, the last counts.
final class ObjectText {
    private final FormField field;
    private final ComposerViewModel composer;
    private final Background background;
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
    private @Nullable JsonNode value;
    private Job job = Job.NONE;

    ObjectText(FormField field, ComposerViewModel composer, Background background) {
        this.field = field;
        this.composer = composer;
        this.background = background;
    }

    /// The text; changes by itself only where the draft changes otherwise.
    ReadOnlyStringProperty text() {
        return text.getReadOnlyProperty();
    }

    void type(String typed) {
        text.set(typed);
        job.cancel();
        job =
                background.run(
                        "",
                        () -> Optional.ofNullable(Draft.typed(field, typed)),
                        read -> {
                            value = read.orElse(null);
                            composer.set(field, value, Gesture.CONTINUING);
                        },
                        _ -> {});
    }

    /// Follows the draft.
    void show() {
        Draft draft = composer.draft().get();
        JsonNode now = draft.get(field.path());
        if (!Objects.equals(now, value)) {
            value = now;
            job.cancel();
            job = background.run("", () -> draft.typed(field), text::set, _ -> {});
        }
    }
}
