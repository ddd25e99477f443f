package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

/// What to load, and how.
///
/// @param template name of a built-in [ChatTemplate], or a file that ends in `.jinja`; null takes
///   the tokenizer's own for conversations and leaves plain strings as they are
/// @param maxLength tokens of prompt and completion together, per side; the end of a longer
///   completion is cut
/// @param evaluationFraction share of the usable pairs that is set aside, in `[0, 1)`
/// @param part which of the source's rows, where SFT and preference training share it
/// @param splitSeed decides which rows belong to which part, and which pairs are set aside
public record DataRequest(
        PairSource source,
        @Nullable String template,
        int maxLength,
        double evaluationFraction,
        OnBadRow onBadRow,
        Part part,
        long splitSeed) {

    /// A share of a source's rows. Dealt by row, not by usable pair, so that the two parts stay
    /// disjoint where the runs differ in tokenizer or length.
    public sealed interface Part {
        /// All rows.
        record All() implements Part {}

        /// The rows that a first, supervised stage learns from.
        record Sft(double fraction) implements Part {}

        /// The others.
        record Preference(double sftFraction) implements Part {}
    }

    public DataRequest {
        if (maxLength < 2) {
            throw Problem.badRequest(
                    "data.maxLength is " + maxLength + ", and a pair needs at least 2 tokens.",
                    "Set it to the number of tokens your model was made for, such as 1024.");
        }
        if (!(evaluationFraction >= 0 && evaluationFraction < 1)) {
            throw Problem.badRequest(
                    "data.evaluationFraction is "
                            + evaluationFraction
                            + ", and must be at least 0 and below 1.",
                    "Set it to a share such as 0.02, or to 0 for no evaluation split.");
        }
    }
}
