package dev.slimelab.engine.data;

import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.RowProblem.Severity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The account of one loading: no row is lost without being counted and named here.
///
/// @param source what the source is called
/// @param recognition what it was found to be
/// @param sha256 of the file, or of the digests of several
/// @param rows records found
/// @param training pairs to train on
/// @param evaluation pairs set aside
/// @param ofOtherPart pairs of the part that another stage trains on
/// @param findings every kind of problem that occurred, in the order of first occurrence
/// @param chosenCut what the maximal length took from chosen completions of pairs that are used;
///   likewise for rejected ones
public record DataReport(
        String source,
        Recognition recognition,
        String sha256,
        int rows,
        int training,
        int evaluation,
        int ofOtherPart,
        List<Finding> findings,
        Cut chosenCut,
        Cut rejectedCut) {
    public DataReport {
        findings = List.copyOf(findings);
    }

    /// One kind of problem: how many, and the first few.
    public record Finding(Code code, Severity severity, int count, List<RowProblem> first) {
        static final int NAMED = 5;

        public Finding {
            first = List.copyOf(first);
        }

        /// `2 rows left out, chosen_equals_rejected: line 4, line 9`
        String sentence() {
            return "%s %s, %s: %s%s"
                    .formatted(
                            number(count, "row"),
                            severity.drops() ? "left out" : "noted",
                            code.key(),
                            first.stream()
                                    .map(problem -> problem.place().words())
                                    .collect(Collectors.joining(", ")),
                            count > first.size() ? ", …" : "");
        }
    }

    /// What truncation took from one side.
    public record Cut(int rows, long tokens) {
        /// @param beyond tokens beyond the maximal length, if any
        Cut plus(int beyond) {
            return beyond <= 0 ? this : new Cut(rows + 1, tokens + beyond);
        }
    }

    /// Usable rows, for training, evaluation or another stage.
    public int kept() {
        return training + evaluation + ofOtherPart;
    }

    public int dropped() {
        return rows - kept();
    }

    /// How many rows had a problem of that kind.
    public int count(Code code) {
        return findings.stream()
                .filter(finding -> finding.code() == code)
                .mapToInt(Finding::count)
                .sum();
    }

    /// The whole account, one sentence each, for a log.
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(source + " is read as " + recognition.words());
        String others =
                ofOtherPart == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,d of the other part", ofOtherPart);
        sentences.add(
                String.format(
                        Locale.ROOT,
                        "%s, %,d used (%,d to train on, %,d set aside), %,d left out%s",
                        number(rows, "row"),
                        training + evaluation,
                        training,
                        evaluation,
                        dropped(),
                        others));
        findings.forEach(finding -> sentences.add(finding.sentence()));
        addCut(sentences, "chosen", chosenCut);
        addCut(sentences, "rejected", rejectedCut);
        return sentences;
    }

    private static void addCut(List<String> sentences, String side, Cut cut) {
        if (cut.rows() > 0) {
            sentences.add(
                    "%s cut in %s, %s lost"
                            .formatted(
                                    side,
                                    number(cut.rows(), "row"),
                                    number(cut.tokens(), "token")));
        }
    }

    private static String number(long count, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", count, thing, count == 1 ? "" : "s");
    }
}
