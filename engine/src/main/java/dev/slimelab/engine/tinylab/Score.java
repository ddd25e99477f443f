package dev.slimelab.engine.tinylab;

import java.util.Set;

/// A judged answer: what is wrong with it, and the points that follow.
public record Score(Set<Fault> faults) {
    /// Kinds of error, as a chart stacks them.
    public enum Fault {
        /// The value is wrong or missing.
        WRONG_VALUE,
        /// Other lines than the family's, an opener outside the grammar, or a value of another
        /// shape.
        WRONG_FORM,
        /// No end token within [Scorer#MAX_TOKENS] tokens.
        NO_END,
        /// A filler or courtesy sentence.
        FILLER,
        /// At least 15 % of the word trigrams were there before.
        REPETITION
    }

    public Score {
        faults = Set.copyOf(faults);
    }

    /// From 0 to 10: right value 5, valid form 3, ended 1, clean 1.
    public int points() {
        return (correct() ? 5 : 0) + (form() ? 3 : 0) + (ended() ? 1 : 0) + (clean() ? 1 : 0);
    }

    /// Right value, valid form and clean: nothing is wrong.
    public boolean exact() {
        return correct() && form() && clean();
    }

    public boolean correct() {
        return !faults.contains(Fault.WRONG_VALUE);
    }

    /// Well-formed, which includes having ended.
    public boolean form() {
        return ended() && !faults.contains(Fault.WRONG_FORM);
    }

    public boolean ended() {
        return !faults.contains(Fault.NO_END);
    }

    public boolean clean() {
        return !faults.contains(Fault.FILLER) && !faults.contains(Fault.REPETITION);
    }
}
