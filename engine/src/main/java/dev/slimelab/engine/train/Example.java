package dev.slimelab.engine.train;

import dev.slimelab.engine.model.Row;
import dev.slimelab.engine.objective.Need;
import dev.slimelab.engine.objective.Objective;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// One row of training data and its place in the data.
///
/// @param index from 0, in the data's own order; what precomputed reference log-probs are kept by
/// @param row the prompt with the chosen answer, then the rejected one where the stage has one; an
///   answer that unpaired data lacks is empty
/// @param offset what the data's column of that name says of the pair; null where it says nothing
/// @param weight likewise
/// @param sentences index of the first token of each sentence of the chosen answer
// Arrays, because examples are made by the thousand and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Example(
        int index, Row row, @Nullable Double offset, @Nullable Double weight, int[] sentences) {
    static final int CHOSEN = 0;
    static final int REJECTED = 1;

    /// The index of a row that was put together from others.
    static final int NOT_IN_THE_DATA = -1;

    private static final int[] ONE_SENTENCE = {0};

    /// A row of which nothing else is known.
    public Example(int index, Row row) {
        this(index, row, null, null, ONE_SENTENCE);
    }

    int chosenTokens() {
        return row.completions().get(CHOSEN).length;
    }

    int rejectedTokens() {
        return row.completions().size() > REJECTED ? row.completions().get(REJECTED).length : 0;
    }

    /// @throws Problem bad request: where the objective needs what the row lacks
    void requireFor(Objective objective) {
        Set<Need> needs = objective.needs();
        if (needs.contains(Need.OFFSETS) && offset == null) {
            throw lacks("number \"offset\"", "objective.margin is per-pair");
        }
        if (needs.contains(Need.WEIGHTS) && (weight == null || weight < 0)) {
            throw lacks("number \"weight\" of 0 or more", "objective.pairWeight is column");
        }
        if (objective.comparesPairs() && (chosenTokens() == 0 || rejectedTokens() == 0)) {
            throw lacks(
                    chosenTokens() == 0 ? "chosen answer" : "rejected answer",
                    "The objective compares answers in pairs");
        }
    }

    private Problem lacks(String what, String because) {
        return Problem.badRequest(
                "%s, but pair %d of the data has no %s.".formatted(because, index + 1, what),
                "Complete the data, or choose an objective that does not need it, such as dpo for"
                        + " pairs or kto for single answers.");
    }
}
