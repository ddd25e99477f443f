package dev.slimelab.app.compose;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// The drafts before and after the present one. The edits of one gesture, such as a slide or the
/// letters of a word, are one step.
final class History {
    private static final int REMEMBERED = 200;

    private final Deque<Draft> undo = new ArrayDeque<>();
    private final Deque<Draft> redo = new ArrayDeque<>();
    private @Nullable String gesture;

    /// Takes note of a draft that is about to be replaced.
    ///
    /// @param by the gesture that replaces it; null for an edit on its own
    /// @return whether that begins a step, instead of going on with one
    boolean remember(Draft present, @Nullable String by) {
        boolean begins = by == null || !by.equals(gesture);
        gesture = by;
        if (begins) {
            undo.push(present);
            redo.clear();
            while (undo.size() > REMEMBERED) {
                undo.removeLast();
            }
        }
        return begins;
    }

    /// Whatever comes next is another step.
    void settle() {
        gesture = null;
    }

    /// The draft before; null where there is none.
    @Nullable Draft back(Draft present) {
        return travel(undo, redo, present);
    }

    /// The draft that [#back] left; null where there is none.
    @Nullable Draft forth(Draft present) {
        return travel(redo, undo, present);
    }

    private @Nullable Draft travel(Deque<Draft> from, Deque<Draft> to, Draft present) {
        gesture = null;
        if (from.isEmpty()) {
            return null;
        }
        to.push(present);
        return from.pop();
    }
}
