package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import java.util.List;

/// A prompt and the completions that continue it, as token ids.
///
/// One row is computed once: the completions share the prompt's hidden states, do not see each
/// other, and each counts its positions from the prompt's end. A preference pair is a row of two
/// completions, an ordinary training text a row of one.
///
/// @param prompt at least one token, because the first completion token is predicted from the last
///   token of the prompt
/// @param completions at least one; each may be empty
// Arrays, because rows are made by the thousand and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Row(int[] prompt, List<int[]> completions) {
    public Row {
        if (prompt.length == 0) {
            throw Problem.badRequest(
                    "A row has an empty prompt.",
                    "Start prompts with at least one token, such as the begin-of-text token.");
        }
        if (completions.isEmpty()) {
            throw Problem.badRequest("A row has no completion.", "Give at least one.");
        }
        completions = List.copyOf(completions);
    }

    public static Row of(int[] prompt, int[]... completions) {
        return new Row(prompt, List.of(completions));
    }

    /// Positions this row takes: prompt and all completions.
    public int length() {
        return prompt.length + completions.stream().mapToInt(completion -> completion.length).sum();
    }

    /// The highest position number plus one: what the model's position limit applies to.
    public int reach() {
        return prompt.length
                + completions.stream().mapToInt(completion -> completion.length).max().orElse(0);
    }
}
