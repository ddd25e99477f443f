package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The usable pairs of a source as token ids, in the order of the source, and the account of the
/// others.
public record PairDataset(List<TokenPair> training, List<TokenPair> evaluation, DataReport report) {
    public PairDataset {
        training = List.copyOf(training);
        evaluation = List.copyOf(evaluation);
    }

    /// Reads, checks and tokenises the whole source.
    ///
    /// @throws Problem if nothing of it can be read, no usable row is left, or rows are malformed
    ///   and the request refuses such
    public static PairDataset load(DataRequest request, Tokenizer tokenizer) {
        var encoder = new PairEncoder(tokenizer, request.template(), request.maxLength());
        var account = new Account(request);
        try (Stream<RowReading> readings = request.source().read()) {
            for (Iterator<RowReading> each = readings.iterator(); each.hasNext(); ) {
                account.add(each.next(), encoder);
            }
        }
        account.requireUsable();
        return split(account.pairs(), request, account);
    }

    private static PairDataset split(List<TokenPair> pairs, DataRequest request, Account account) {
        boolean[] setAside =
                setAside(pairs.size(), request.evaluationFraction(), request.splitSeed());
        List<TokenPair> training = new ArrayList<>();
        List<TokenPair> evaluation = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            (setAside[i] ? evaluation : training).add(pairs.get(i));
        }
        return new PairDataset(
                training, evaluation, account.report(training.size(), evaluation.size()));
    }

    /// Marks the first of a seeded shuffle. A fraction above zero sets aside at least one pair; at
    /// least one is left to train on.
    static boolean[] setAside(int pairs, double fraction, long splitSeed) {
        boolean[] setAside = new boolean[pairs];
        if (fraction == 0 || pairs < 2) {
            return setAside;
        }
        int count = Math.clamp(Math.round(fraction * pairs), 1, pairs - 1);
        int[] order = IntStream.range(0, pairs).toArray();
        var shuffleForSplit =
                new Random(splitSeed); // its algorithm is part of the Java specification
        for (int i = 0; i < count; i++) {
            int other = i + shuffleForSplit.nextInt(pairs - i);
            int swapped = order[other];
            order[other] = order[i];
            order[i] = swapped;
            setAside[swapped] = true;
        }
        return setAside;
    }
}
