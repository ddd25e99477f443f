package dev.slimelab.app.playground;

import dev.slimelab.app.token.TokenPicture;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One of the models side by side: which it is, and what it has written.
public final class PlayColumn {
    /// Which model a column has.
    ///
    /// @param source null while none was chosen
    /// @param states those that can be chosen, the newest first
    /// @param state null while none was chosen, or there is none
    public record Choice(@Nullable Source source, List<String> states, @Nullable String state) {
        static final Choice NOTHING = new Choice(null, List.of(), null);

        public Choice {
            states = List.copyOf(states);
        }

        @Nullable Playable playable() {
            return source == null || state == null ? null : new Playable(source.folder(), state);
        }
    }

    /// What is on show.
    ///
    /// @param picture null where there are no tokens
    /// @param instead why there is none, as a sentence; empty where there is one
    /// @param isTrouble whether something went wrong
    /// @param facts below it, each with what it is of
    public record Shown(
            @Nullable TokenPicture picture, String instead, boolean isTrouble, List<Fact> facts) {
        static final Shown NOTHING = new Shown(null, "", false, List.of());

        public Shown {
            facts = List.copyOf(facts);
        }
    }

    /// A number and what it is.
    public record Fact(String value, String words) {}

    private final ReadOnlyObjectWrapper<Choice> choice =
            new ReadOnlyObjectWrapper<>(Choice.NOTHING);
    private final ReadOnlyObjectWrapper<Shown> shown = new ReadOnlyObjectWrapper<>(Shown.NOTHING);
    private Answer answer = Answer.NONE;
    private @Nullable Answer reading;

    public ReadOnlyObjectProperty<Choice> choice() {
        return choice.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Shown> shown() {
        return shown.getReadOnlyProperty();
    }

    /// Its text, to be copied; empty before there is one.
    public String text() {
        return answer.text();
    }

    void choose(Choice next) {
        if (!next.equals(choice.get())) {
            choice.set(next);
        }
    }

    void show(Shown next) {
        if (!next.equals(shown.get())) {
            shown.set(next);
        }
    }

    Answer answer() {
        return answer;
    }

    void answer(Answer next) {
        answer = next;
    }

    /// How this model reads the text that another one has written; null before it was asked.
    @Nullable Answer reading() {
        return reading;
    }

    void reading(@Nullable Answer next) {
        reading = next;
    }
}
