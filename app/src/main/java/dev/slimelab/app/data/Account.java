package dev.slimelab.app.data;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What `slimelab data --json` says of a source, with its names; see docs/data.md.
///
/// @param formats all that it could be read as
public record Account(
        String source,
        String container,
        String format,
        List<String> formats,
        boolean conversational,
        String kind,
        int rows,
        int kept,
        int dropped,
        int duplicates,
        int contradictions,
        int ties,
        int prefixMismatches,
        int doubledBos,
        int doubledEos,
        List<Finding> findings,
        Sides tokens,
        Truncation truncation) {
    private static final String UNKNOWN_SCHEMA = "unknown_schema";

    /// Whether it is known what the columns mean; else [#format] and [#kind] say nothing.
    public boolean isRecognised() {
        return findings.stream().noneMatch(finding -> finding.code().equals(UNKNOWN_SCHEMA));
    }

    /// One kind of problem.
    ///
    /// @param first the first few places
    public record Finding(
            String code, boolean dropped, int count, String remedy, List<Place> first) {
        /// The code as words: `chosen equals rejected`.
        public String words() {
            return code.replace('_', ' ');
        }
    }

    /// Where a row stands.
    public record Place(String shard, int line, int row, String message) {
        /// `line 7`, or `train-00001.parquet row 7`.
        public String words() {
            String within = line > 0 ? "line " + line : row > 0 ? "row " + row : "the file";
            return shard.isEmpty() ? within : shard + " " + within;
        }
    }

    /// The three texts of a row.
    public record Sides(Lengths prompt, Lengths chosen, Lengths rejected) {}

    /// In tokens, before anything is cut.
    public record Lengths(
            int rows,
            int shortest,
            double mean,
            int median,
            int p95,
            int longest,
            List<Bucket> histogram) {}

    /// Rows of lengths in `[from, to)`.
    public record Bucket(int from, int to, int rows) {}

    /// What the maximal length takes.
    public record Truncation(int maxLength, int promptTooLong, Cut chosen, Cut rejected) {}

    /// From one side.
    public record Cut(int rows, long tokens) {}

    /// What `slimelab data --from` says.
    ///
    /// @param next number of the next such row; null at the end
    public record Rows(List<Row> rows, @Nullable Integer next) {}

    /// A row as the model sees it; without tokens where it is left out.
    ///
    /// @param number in the source, from 1
    /// @param raw the record of a row that is left out
    public record Row(
            int number,
            String shard,
            int line,
            int row,
            List<Token> prompt,
            List<Token> chosen,
            List<Token> rejected,
            int chosenCut,
            int rejectedCut,
            List<Trouble> problems,
            String raw) {
        public String place() {
            return new Place(shard, line, row, "").words();
        }
    }

    /// One id, with the text of it alone.
    ///
    /// @param trained whether the loss counts it
    public record Token(int id, String text, boolean trained) {}

    /// What is wrong with a row.
    public record Trouble(String code, boolean dropped, String message) {}
}
