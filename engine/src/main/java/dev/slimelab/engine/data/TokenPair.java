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
@SuppressWarnings("ArrayRecordComponent")
public record TokenPair(int[] prompt, int[] chosen, int[] rejected, int line) {

    /// A prompt with one completion, as supervised fine-tuning takes it.
    public record Example(int[] prompt, int[] completion, int line) {}

    /// What supervised fine-tuning learns from a pair.
    public Example chosenExample() {
        return new Example(prompt, chosen, line);
    }

    /// The other half, which pretraining may mix in.
    public Example rejectedExample() {
        return new Example(prompt, rejected, line);
    }
}
