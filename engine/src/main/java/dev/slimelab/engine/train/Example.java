package dev.slimelab.engine.train;

import dev.slimelab.engine.model.Row;

/// One row of training data and its place in the data.
///
/// @param index from 0, in the data's own order; what precomputed reference log-probs are kept by
/// @param row the prompt with the chosen answer, then the rejected one where the stage has one
public record Example(int index, Row row) {
    static final int CHOSEN = 0;
    static final int REJECTED = 1;

    int chosenTokens() {
        return row.completions().get(CHOSEN).length;
    }

    int rejectedTokens() {
        return row.completions().size() > REJECTED ? row.completions().get(REJECTED).length : 0;
    }
}
