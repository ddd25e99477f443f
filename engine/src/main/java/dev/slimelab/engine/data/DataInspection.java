package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PairEncoder.Encoded;
import dev.slimelab.engine.data.PairEncoder.Lengths;
import dev.slimelab.engine.data.PreferenceRow.Kind;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

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

    /// A row as the model sees it.
    public record ShownRow(
            Place place, List<Token> prompt, List<Token> chosen, List<Token> rejected) {
        public ShownRow {
            prompt = List.copyOf(prompt);
            chosen = List.copyOf(chosen);
            rejected = List.copyOf(rejected);
        }
    }

    /// One id, with what a person can read of it.
    ///
    /// @param text of this id alone; half a character shows as U+FFFD
    /// @param trained whether the loss counts it
    public record Token(int id, String text, boolean trained) {}

    /// Reads the whole source.
    ///
    /// @param rowsShown how many rows are kept token by token
    /// @throws Problem if there is no such file, or no template for its conversations
    public static DataInspection of(DataRequest request, Tokenizer tokenizer, int rowsShown) {
        var encoder = new PairEncoder(tokenizer, request.template(), request.maxLength());
        var account = new Account(request, request.source().recognise(), _ -> {});
        var prompt = new TokenLengths.Counter();
        var chosen = new TokenLengths.Counter();
        var rejected = new TokenLengths.Counter();
        List<ShownRow> shown = new ArrayList<>();
        try (Stream<RowReading> readings = request.source().read(account.recognition())) {
            for (Iterator<RowReading> each = readings.iterator(); each.hasNext(); ) {
                RowReading reading = each.next();
                Encoded encoded = account.add(reading, encoder);
                Lengths lengths = encoded == null ? null : encoded.lengths();
                if (lengths != null) {
                    prompt.add(lengths.prompt());
                    chosen.add(lengths.chosen());
                    if (account.recognition().kind() == Kind.PAIRS) {
                        rejected.add(lengths.rejected());
                    }
                }
                if (encoded != null && encoded.pair() != null && shown.size() < rowsShown) {
                    shown.add(shown(reading.place(), encoded.pair(), tokenizer));
                }
            }
        }
        return new DataInspection(
                account.report(account.usable(), 0),
                account.refusal(),
                prompt.lengths(),
                chosen.lengths(),
                rejected.lengths(),
                shown);
    }

    private static ShownRow shown(Place place, TokenPair pair, Tokenizer tokenizer) {
        return new ShownRow(
                place,
                tokens(pair.prompt(), false, tokenizer),
                tokens(pair.chosen(), true, tokenizer),
                tokens(pair.rejected(), true, tokenizer));
    }

    private static List<Token> tokens(int[] ids, boolean trained, Tokenizer tokenizer) {
        return Arrays.stream(ids)
                .mapToObj(id -> new Token(id, tokenizer.decode(new int[] {id}), trained))
                .toList();
    }
}
