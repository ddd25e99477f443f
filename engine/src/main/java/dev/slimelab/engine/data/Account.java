package dev.slimelab.engine.data;

import static java.util.Objects.requireNonNull;

import dev.slimelab.engine.data.DataReport.Cut;
import dev.slimelab.engine.data.DataReport.Finding;
import dev.slimelab.engine.data.DataRequest.Part;
import dev.slimelab.engine.data.PairEncoder.Encoded;
import dev.slimelab.engine.data.PairEncoder.Lengths;
import dev.slimelab.engine.data.RowProblem.Code;
import dev.slimelab.engine.data.RowProblem.Severity;
import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// Collects usable pairs and counts everything else while a source is read, and decides at the end
/// whether that is good enough.
final class Account {
    private record Kind(Code code, Severity severity) {}

    /// All problems of a kind: the number, and the first few to be named.
    private static final class Tally {
        private final List<RowProblem> first = new ArrayList<>();
        private int count;

        void add(RowProblem problem) {
            count++;
            if (first.size() < Finding.NAMED) {
                first.add(problem);
            }
        }
    }

    private final DataRequest request;
    private final Recognition recognition;
    private final Consumer<TokenPair> pairs;
    private int usable;
    private int[] rowOfPair = new int[1024];
    private final Map<Kind, Tally> tallies = new LinkedHashMap<>();
    private int rows;
    private int malformed;
    private @Nullable RowProblem firstRefused;
    private Cut chosenCut = new Cut(0, 0);
    private Cut rejectedCut = new Cut(0, 0);

    /// @param pairs takes the usable ones
    Account(DataRequest request, Recognition recognition, Consumer<TokenPair> pairs) {
        this.request = request;
        this.recognition = recognition;
        this.pairs = pairs;
    }

    Recognition recognition() {
        return recognition;
    }

    /// Counts one record, and tokenises it unless the source is going to be refused anyway.
    ///
    /// @return what became of it; null if it was not tokenised
    @Nullable Encoded add(RowReading reading, PairEncoder encoder) {
        if (reading.place().row() > 0) {
            rows++;
        }
        reading.problems().forEach(this::add);
        PreferenceRow row = reading.usableRow();
        if (row == null || firstRefused != null) {
            return null;
        }
        Encoded encoded = encoder.encode(row);
        encoded.problems().forEach(this::add);
        if (encoded.pair() != null) {
            if (usable == rowOfPair.length) {
                rowOfPair = Arrays.copyOf(rowOfPair, 2 * rowOfPair.length);
            }
            rowOfPair[usable++] = rows - 1;
            pairs.accept(encoded.pair());
            Lengths lengths = requireNonNull(encoded.lengths());
            chosenCut = chosenCut.plus(lengths.prompt() + lengths.chosen() - request.maxLength());
            rejectedCut =
                    rejectedCut.plus(lengths.prompt() + lengths.rejected() - request.maxLength());
        }
        return encoded;
    }

    private void add(RowProblem problem) {
        tallies.computeIfAbsent(new Kind(problem.code(), problem.severity()), _ -> new Tally())
                .add(problem);
        boolean refused =
                switch (problem.severity()) {
                    case FILE -> true;
                    case MALFORMED -> {
                        malformed++;
                        yield request.onBadRow() == OnBadRow.REFUSE;
                    }
                    case DEGENERATE, ODD -> false;
                };
        if (refused && firstRefused == null) {
            firstRefused = problem;
        }
    }

    int usable() {
        return usable;
    }

    /// @throws Problem if the request cannot be met with what was read
    void requireUsable() {
        Problem refusal = refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    /// Why the request cannot be met with what was read; null if it can.
    @Nullable Problem refusal() {
        if (firstRefused != null) {
            return refusal(firstRefused);
        }
        return usable > 0
                ? null
                : Problem.badRequest(
                        "No usable row is left in %s: %s."
                                .formatted(
                                        request.source().path(),
                                        findings().stream()
                                                .filter(finding -> finding.severity().drops())
                                                .map(Finding::sentence)
                                                .collect(Collectors.joining("; "))),
                        firstDropped().code().remedy());
    }

    /// Whether a pair, by its index, belongs to the part.
    IntPredicate isIn(Part part, long seed) {
        return switch (part) {
            case Part.All() -> _ -> true;
            case Part.Sft(double fraction) -> {
                boolean[] sft = PairDataset.setAside(rows, fraction, seed);
                yield pair -> sft[rowOfPair[pair]];
            }
            case Part.Preference(double fraction) -> {
                boolean[] sft = PairDataset.setAside(rows, fraction, seed);
                yield pair -> !sft[rowOfPair[pair]];
            }
        };
    }

    private Problem refusal(RowProblem problem) {
        String what = problem.sentence(request.source().path());
        String remedy = problem.code().remedy();
        if (problem.severity() == Severity.FILE) {
            return Problem.badRequest(what + ".", remedy);
        }
        int others = malformed - 1;
        String more =
                others == 0
                        ? "."
                        : " (and %,d more malformed %s)."
                                .formatted(others, others == 1 ? "row" : "rows");
        return Problem.badRequest(
                what + more,
                remedy.substring(0, remedy.length() - 1)
                        + ", or set data.onBadRow to \"drop\" to leave malformed rows out.");
    }

    private RowProblem firstDropped() {
        return findings().stream()
                .filter(finding -> finding.severity().drops())
                .map(finding -> finding.first().getFirst())
                .findFirst()
                .orElseThrow();
    }

    private List<Finding> findings() {
        return tallies.entrySet().stream()
                .map(
                        entry ->
                                new Finding(
                                        entry.getKey().code(),
                                        entry.getKey().severity(),
                                        entry.getValue().count,
                                        entry.getValue().first))
                .toList();
    }

    DataReport report(int training, int evaluation) {
        return new DataReport(
                request.source().path().toString(),
                recognition,
                request.source().sha256(),
                rows,
                training,
                evaluation,
                usable - training - evaluation,
                findings(),
                chosenCut,
                rejectedCut);
    }
}
