package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PairEncoder.Lengths;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.RowPage.Choice;
import dev.slimelab.engine.data.RowPage.ShownRow;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a source would be to a run, looked at without training: the same reading, checking and
/// tokenising, and nothing kept.
///
/// @param refusal why no run could use it; null if a run that drops malformed rows can
/// @param rejected lengths of the rejected completions; of no rows where the rows have one
///   completion
/// @param shown the first usable rows, token by token
public record DataInspection(
        DataReport report,
        @Nullable Problem refusal,
        TokenLengths prompt,
        TokenLengths chosen,
        TokenLengths rejected,
        List<ShownRow> shown) {
    public DataInspection {
        shown = List.copyOf(shown);
    }

    /// Reads the whole source.
    ///
    /// @param rowsShown how many rows are kept token by token
    /// @throws Problem if there is no such file, or no template for its conversations
    public static DataInspection of(DataRequest request, Tokenizer tokenizer, int rowsShown) {
        var encoder = new PairEncoder(tokenizer, request.template(), request.maxLength());
        var prompt = new TokenLengths.Counter();
        var chosen = new TokenLengths.Counter();
        var rejected = new TokenLengths.Counter();
        var account =
                new Account(
                        request,
                        encoded -> {
                            Lengths lengths = encoded.lengths();
                            if (lengths != null) {
                                prompt.add(lengths.prompt());
                                chosen.add(lengths.chosen());
                                rejected.add(lengths.rejected());
                            }
                        });
        account.read(encoder);
        boolean pairs = account.recognition().kind() == Kind.PAIRS;
        return new DataInspection(
                account.report(account.usable(), 0),
                account.refusal(),
                prompt.lengths(),
                chosen.lengths(),
                (pairs ? rejected : new TokenLengths.Counter()).lengths(),
                RowPage.of(request, tokenizer, Choice.firstUsed(rowsShown)).rows());
    }
}
