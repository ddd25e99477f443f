package dev.slimelab.engine.data;

import dev.slimelab.engine.problem.Problem;

import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The usable pairs of a source as token ids, in the order of the source, and the account of the
/// others. The pairs stay on disk and are read one by one: see [TokenStore]. Close it.
public final class PairDataset implements AutoCloseable {
    private final TokenStore store;
    private final List<TokenPair> training;
    private final List<TokenPair> evaluation;
    private final DataReport report;

    private PairDataset(
            TokenStore store,
            List<TokenPair> training,
            List<TokenPair> evaluation,
            DataReport report) {
        this.store = store;
        this.training = training;
        this.evaluation = evaluation;
        this.report = report;
    }

    /// Reads, checks and tokenises the whole source.
    ///
    /// @throws Problem if nothing of it can be read, no usable row is left, or rows are malformed
    ///   and the request refuses such
    public static PairDataset load(DataRequest request, Tokenizer tokenizer) {
        var encoder = new PairEncoder(tokenizer, request.template(), request.maxLength());
        var store = new TokenStore();
        try {
            var account =
                    new Account(
                            request,
                            encoded -> {
                                if (encoded.pair() != null) {
                                    store.add(encoded.pair());
                                }
                            });
            account.read(encoder);
            account.requireUsable();
            return split(request, account, store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static PairDataset split(DataRequest request, Account account, TokenStore store) {
        int[] wanted = indices(store.size(), account.isIn(request.part(), request.splitSeed()));
        if (wanted.length == 0) {
            throw Problem.badRequest(
                    "None of the usable rows of %s belongs to the part that is asked for."
                            .formatted(request.source().path()),
                    "Give more rows, or change data.sftFraction.");
        }
        boolean[] setAside =
                setAside(wanted.length, request.evaluationFraction(), request.splitSeed());
        int[] training = indices(wanted.length, i -> !setAside[i]);
        int[] evaluation = indices(wanted.length, i -> setAside[i]);
        return new PairDataset(
                store,
                new LazyList<>(training.length, i -> store.get(wanted[training[i]])),
                new LazyList<>(evaluation.length, i -> store.get(wanted[evaluation[i]])),
                account.report(training.length, evaluation.length));
    }

    private static int[] indices(int size, IntPredicate wanted) {
        return IntStream.range(0, size).filter(wanted).toArray();
    }

    /// The pairs to train on.
    public List<TokenPair> training() {
        return training;
    }

    /// The pairs set aside.
    public List<TokenPair> evaluation() {
        return evaluation;
    }

    public DataReport report() {
        return report;
    }

    /// The largest token id that occurs.
    public int largestTokenId() {
        return store.largestId();
    }

    @Override
    public void close() {
        store.close();
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
