package dev.slimelab.engine.data;

import java.util.List;

/// One row as token ids: the prompt once, and its completions without it.
///
/// Arrays, because boxed lists would cost sixteen bytes a token. They are shared, not copied:
/// nobody writes to them, and nobody compares pairs.
///
/// @param prompt ids before the completions, rendered as the template says
/// @param chosen ids of the preferred or only completion, its end marker included unless it was cut
/// @param rejected ids of the other completion, likewise; none where the row has one completion
@SuppressWarnings("ArrayRecordComponent")
public record TokenPair(int[] prompt, int[] chosen, int[] rejected) {
    List<int[]> parts() {
        return List.of(prompt, chosen, rejected);
    }

    /// Tokens of all three parts.
    int length() {
        return prompt.length + chosen.length + rejected.length;
    }
}
