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
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Reads a source, hands over what was tokenised, counts everything else, and decides at the end
/// whether that is good enough.
final class Account {
    /// Few enough that a chunk of very long rows stays small.
    private static final int ROWS_OF_CHUNK = 16;

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

    /// A row on its way back from a worker.
    ///
    /// @param encoded null where there was nothing to tokenise, or tokenising failed
    /// @param failure of the whole request, such as a template that is missing
    private record Tokenised(
            RowReading reading, @Nullable Encoded encoded, @Nullable Problem failure) {}

    private final DataRequest request;
    private final Recognition recognition;
    private final Consumer<Encoded> tokenised;
    private int usable;
    private int[] rowOfPair = new int[1024];
    private final Map<Kind, Tally> tallies = new LinkedHashMap<>();
    private int rows;
    private int malformed;
    private volatile @Nullable RowProblem firstRefused;
    private Cut chosenCut = new Cut(0, 0);
    private Cut rejectedCut = new Cut(0, 0);

    /// @param tokenised takes every row that was tokenised, usable or not, in order
    Account(DataRequest request, Consumer<Encoded> tokenised) {
        this.request = request;
        this.recognition = request.source().recognise();
        this.tokenised = tokenised;
    }

    Recognition recognition() {
        return recognition;
    }

    /// Reads the whole source. Rows are tokenised on all cores while the next are read, a bounded
    /// number ahead, and arrive in the order of the source; once the source is refused, the rest is
    /// only counted.
    ///
    /// @throws Problem if there is no such file, or no template for its conversations
    void read(PairEncoder encoder) {
        int chunksAhead = 2 * Runtime.getRuntime().availableProcessors();
        try (Stream<RowReading> readings = request.source().read(recognition)) {
            readings.gather(Gatherers.windowFixed(ROWS_OF_CHUNK))
                    .gather(
                            Gatherers.mapConcurrent(
                                    chunksAhead,
                                    chunk ->
                                            chunk.stream()
                                                    .map(row -> tokenise(row, encoder))
                                                    .toList()))
                    .forEachOrdered(chunk -> chunk.forEach(this::add));
        }
    }

    /// Called by workers.
    private Tokenised tokenise(RowReading reading, PairEncoder encoder) {
        PreferenceRow row = reading.usableRow();
        if (row == null || firstRefused != null) {
            return new Tokenised(reading, null, null);
        }
        try {
            return new Tokenised(reading, encoder.encode(row), null);
        } catch (Problem failure) {
            return new Tokenised(reading, null, failure);
        }
    }

    private void add(Tokenised row) {
        RowReading reading = row.reading();
        if (reading.place().row() > 0) {
            rows++;
        }
        reading.problems().forEach(this::add);
        if (firstRefused != null) {
            return;
        }
        if (row.failure() != null) {
            throw row.failure();
        }
        Encoded encoded = row.encoded();
        if (encoded == null) {
            return;
        }
        encoded.problems().forEach(this::add);
        tokenised.accept(encoded);
        if (encoded.pair() != null) {
            if (usable == rowOfPair.length) {
                rowOfPair = Arrays.copyOf(rowOfPair, 2 * rowOfPair.length);
            }
            rowOfPair[usable++] = rows - 1;
            Lengths lengths = requireNonNull(encoded.lengths());
            chosenCut = chosenCut.plus(lengths.prompt() + lengths.chosen() - request.maxLength());
            rejectedCut =
                    rejectedCut.plus(lengths.prompt() + lengths.rejected() - request.maxLength());
        }
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
                        firstDropped().remedy());
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
        String remedy = problem.remedy();
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
