package dev.slimelab.engine.data;

/// One preference as token ids: the prompt once, and the two completions without it.
///
/// Arrays, because boxed lists would cost sixteen bytes a token. They are shared, not copied:
/// nobody writes to them, and nobody compares pairs.
///
/// @param prompt ids before the completions, rendered as the template says
/// @param chosen ids of the preferred completion, its end marker included unless it was cut
/// @param rejected ids of the other completion, likewise
/// @param line physical line of the source, from 1
/// @param settings what the source says of the pair to an objective
@SuppressWarnings("ArrayRecordComponent")
public record TokenPair(
        int[] prompt, int[] chosen, int[] rejected, int line, PreferenceRow.Settings settings) {}
