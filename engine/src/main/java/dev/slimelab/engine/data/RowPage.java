package dev.slimelab.engine.data;

import dev.slimelab.engine.data.PairEncoder.Encoded;
import dev.slimelab.engine.data.PairEncoder.Lengths;
import dev.slimelab.engine.data.PreferenceRow.Place;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.problem.Nearest;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Some rows of a source as the model sees them, for leafing through a file of any size: reading
/// ends with the last of them.
///
/// @param next number of the first such row that is not among them; null where there is none
public record RowPage(Recognition recognition, List<ShownRow> rows, @Nullable Integer next) {
    public RowPage {
        rows = List.copyOf(rows);
    }

    /// Which rows.
    ///
    /// @param from number of the first row that may be shown
    /// @param count how many at most
    public record Choice(int from, int count, Only only) {
        public Choice {
            if (from < 1) {
                throw Problem.badRequest(
                        "--from is %d, and rows are counted from 1.".formatted(from),
                        "Give the number of a row.");
            }
        }

        /// The first rows that are trained on.
        public static Choice firstUsed(int count) {
            return new Choice(1, count, new Only.Used());
        }
    }

    /// Of which kind.
    public sealed interface Only {
        /// Every row.
        record All() implements Only {
            @Override
            public boolean wants(List<RowProblem> problems) {
                return true;
            }
        }

        /// Those that are trained on.
        record Used() implements Only {
            @Override
            public boolean wants(List<RowProblem> problems) {
                return problems.stream().noneMatch(problem -> problem.severity().drops());
            }
        }

        /// The others.
        record Dropped() implements Only {
            @Override
            public boolean wants(List<RowProblem> problems) {
                return problems.stream().anyMatch(problem -> problem.severity().drops());
            }
        }

        /// Those with that problem, used or not.
        record Having(Code code) implements Only {
            @Override
            public boolean wants(List<RowProblem> problems) {
                return problems.stream().anyMatch(problem -> problem.code() == code);
            }
        }

        /// Whether a row with these problems is of that kind.
        boolean wants(List<RowProblem> problems);

        /// The kind that a word means: `all`, `used`, `dropped`, or a problem's [key][Code#key].
        ///
        /// @throws Problem if it means none
        static Only of(String word) {
            Map<String, Only> known = new LinkedHashMap<>();
            known.put("all", new All());
            known.put("used", new Used());
            known.put("dropped", new Dropped());
            for (Code code : Code.values()) {
                known.put(code.key(), new Having(code));
            }
            Only only = known.get(word);
            if (only == null) {
                throw Problem.badRequest(
                        "--only is \"%s\", which is no kind of row.".formatted(word),
                        "Did you mean \"%s\"? Known are all, used, dropped and the codes of problems."
                                .formatted(Nearest.to(word, known.keySet())));
            }
            return only;
        }
    }

    /// A row as the model sees it, or why it does not.
    ///
    /// @param number of the row in the source, from 1, through all its files
    /// @param prompt this and the completions are empty where the row is left out
    /// @param chosenCut tokens that the maximal length took; likewise for the rejected completion
    /// @param raw the record as JSON where the row is left out and could be parsed, else empty
    public record ShownRow(
            int number,
            Place place,
            List<Token> prompt,
            List<Token> chosen,
            List<Token> rejected,
            int chosenCut,
            int rejectedCut,
            List<RowProblem> problems,
            String raw) {
        public ShownRow {
            prompt = List.copyOf(prompt);
            chosen = List.copyOf(chosen);
            rejected = List.copyOf(rejected);
            problems = List.copyOf(problems);
        }
    }

    /// One id, with what a person can read of it.
    ///
    /// @param text of this id alone; half a character shows as U+FFFD
    /// @param trained whether the loss counts it
    public record Token(int id, String text, boolean trained) {}

    /// Reads as far as is needed.
    ///
    /// @throws Problem if there is no such file, or no template for its conversations
    public static RowPage of(DataRequest request, Tokenizer tokenizer, Choice choice) {
        var encoder = new PairEncoder(tokenizer, request.template(), request.maxLength());
        Recognition recognition = request.source().recognise();
        List<ShownRow> rows = new ArrayList<>();
        int number = 0;
        try (Stream<RowReading> readings = request.source().read(recognition)) {
            for (Iterator<RowReading> each = readings.iterator(); each.hasNext(); ) {
                RowReading reading = each.next();
                number++;
                if (number < choice.from()) {
                    continue;
                }
                PreferenceRow row = reading.usableRow();
                Encoded encoded = row == null ? null : encoder.encode(row);
                if (!choice.only().wants(problems(reading, encoded))) {
                    continue;
                }
                if (rows.size() == choice.count()) {
                    return new RowPage(recognition, rows, number);
                }
                rows.add(shown(number, reading, encoded, tokenizer));
            }
        }
        return new RowPage(recognition, rows, null);
    }

    private static List<RowProblem> problems(RowReading reading, @Nullable Encoded encoded) {
        List<RowProblem> problems = new ArrayList<>(reading.problems());
        if (encoded != null) {
            problems.addAll(encoded.problems());
        }
        return problems;
    }

    private static ShownRow shown(
            int number, RowReading reading, @Nullable Encoded encoded, Tokenizer tokenizer) {
        List<RowProblem> problems = problems(reading, encoded);
        TokenPair pair = encoded == null ? null : encoded.pair();
        Lengths lengths = encoded == null ? null : encoded.lengths();
        if (pair == null || lengths == null) {
            return new ShownRow(
                    number,
                    reading.place(),
                    List.of(),
                    List.of(),
                    List.of(),
                    0,
                    0,
                    problems,
                    reading.record().text());
        }
        return new ShownRow(
                number,
                reading.place(),
                tokens(pair.prompt(), false, tokenizer),
                tokens(pair.chosen(), true, tokenizer),
                tokens(pair.rejected(), true, tokenizer),
                lengths.chosen() - pair.chosen().length,
                lengths.rejected() - pair.rejected().length,
                problems,
                "");
    }

    private static List<Token> tokens(int[] ids, boolean trained, Tokenizer tokenizer) {
        return Arrays.stream(ids)
                .mapToObj(id -> new Token(id, tokenizer.decode(new int[] {id}), trained))
                .toList();
    }
}
