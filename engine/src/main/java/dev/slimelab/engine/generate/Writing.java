package dev.slimelab.engine.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.model.Decoder;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.PassOptions.Adapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Rows being continued together, one token each per turn.
///
/// Prompts are aligned on the right, so that all rows write at the same column of the cache;
/// padding on the left is masked and does not count as a position. A row that is done computes on,
/// unread, until all are done. The cache grows with what is written, not with what might be.
final class Writing implements AutoCloseable {
    private static final int TEXT = 0;
    private static final int PADDING = -1;

    /// Columns that the cache gains at least when it is full.
    private static final int GROWTH = 64;

    private final LanguageModel model;
    private final Kernels kernels;
    private final Decoder decoder;
    private final List<Writer> writers;
    private final Sampling sampling;
    private final int rows;
    private final int width;
    private final NDManager lasting;

    /// Owns the caches; another takes its place when they grow.
    private NDManager memory;

    private List<List<NDArray>> caches = new ArrayList<>();
    private Kernels.Places keys;
    private int room;
    private long[] tokens = {};
    private int turn;

    Writing(LanguageModel model, Adapter adapter, List<Writer> writers, Sampling sampling) {
        this.model = model;
        this.kernels = model.torch().kernels();
        this.lasting = model.torch().newScope();
        this.decoder = new Decoder(model, adapter, lasting);
        this.writers = writers;
        this.sampling = sampling;
        this.memory = model.torch().newScope();
        this.rows = writers.size();
        this.width = writers.stream().mapToInt(w -> w.prompt().length).max().orElseThrow();
        this.room = width + Math.min(sampling.maxNewTokens(), GROWTH);
        ModelConfig config = model.config();
        long[] shape = {rows, config.keyValueHeads(), room, config.headDim()};
        for (int i = 0; i < config.layers(); i++) {
            caches.add(
                    List.of(
                            kernels.zeros(memory, model.precision(), shape),
                            kernels.zeros(memory, model.precision(), shape)));
        }
        this.keys = keys(memory);
    }

    boolean done() {
        return writers.stream().allMatch(Writer::done);
    }

    /// Runs the prompts, filling the cache, and writes the first token after each.
    void readPrompts() {
        long[] ids = new long[rows * width];
        long[] positions = new long[rows * width];
        long[] segments = new long[rows * width];
        Arrays.fill(segments, PADDING);
        for (int r = 0; r < rows; r++) {
            int[] prompt = writers.get(r).prompt();
            int start = (r + 1) * width - prompt.length;
            for (int i = 0; i < prompt.length; i++) {
                ids[start + i] = prompt[i];
                positions[start + i] = i;
                segments[start + i] = TEXT;
            }
        }
        try (NDManager scope = model.torch().newScope()) {
            var places =
                    new Kernels.Places(
                            kernels.upload(scope, positions, rows, width),
                            kernels.upload(scope, segments, rows, width));
            Decoder.Sight<NDArray> sight = decoder.sight(scope, places, places);
            NDArray x = run(scope, kernels.upload(scope, ids, rows, width), sight, 0);
            if (sampling.detail().prompts() == Sampling.Prompts.SCORED) {
                scorePrompts(scope, x);
            }
            writers.forEach(Writer::checkLimit);
            if (!done()) {
                take(scope, x);
            }
        }
    }

    /// Reads the token that each row wrote last and writes the next.
    void writeTokens() {
        if (width + turn == room) {
            grow();
        }
        long[] positions = new long[rows];
        for (int r = 0; r < rows; r++) {
            positions[r] = (long) writers.get(r).prompt().length + turn;
        }
        try (NDManager scope = model.torch().newScope()) {
            var queries =
                    new Kernels.Places(
                            kernels.upload(scope, positions, rows, 1),
                            kernels.upload(scope, new long[rows], rows, 1));
            Decoder.Sight<NDArray> sight = decoder.sight(scope, queries, keys);
            NDArray x = run(scope, kernels.upload(scope, tokens, rows, 1), sight, width + turn);
            turn++;
            take(scope, x);
        }
    }

    private NDArray run(NDManager scope, NDArray ids, Decoder.Sight<NDArray> sight, int offset) {
        NDArray x = decoder.embed(scope, ids);
        for (int i = 0; i < caches.size(); i++) {
            var cache = new Kernels.Cache(caches.get(i), offset);
            x = decoder.layer(scope, i, x, sight, cache);
        }
        return x;
    }

    /// Chooses what follows the last position of each row of x (rows * positions, hidden).
    private void take(NDManager scope, NDArray x) {
        long length = x.getShape().get(0) / rows;
        long[] last = LongStream.range(0, rows).map(r -> (r + 1) * length - 1).toArray();
        double[] uniform = writers.stream().mapToDouble(Writer::uniform).toArray();
        Sampling.Choice choice = sampling.choice();
        Decoder.Scored next =
                decoder.nextToken(
                        scope,
                        x,
                        kernels.upload(scope, last),
                        new Kernels.Choice(choice.temperature(), choice.topK(), choice.topP()),
                        kernels.upload(scope, uniform),
                        sampling.detail().likeliest());
        tokens = kernels.longs(next.ids());
        List<ScoredToken> scored = scored(next);
        for (int r = 0; r < rows; r++) {
            writers.get(r).take(scored.get(r));
        }
    }

    private void scorePrompts(NDManager scope, NDArray x) {
        int count = writers.stream().mapToInt(w -> w.prompt().length - 1).sum();
        long[] predictors = new long[count];
        long[] labels = new long[count];
        int at = 0;
        for (int r = 0; r < rows; r++) {
            int[] prompt = writers.get(r).prompt();
            int start = (r + 1) * width - prompt.length;
            for (int i = 1; i < prompt.length; i++, at++) {
                predictors[at] = (long) start + i - 1;
                labels[at] = prompt[i];
            }
        }
        List<ScoredToken> scored =
                count == 0
                        ? List.of()
                        : scored(
                                decoder.score(
                                        scope,
                                        x,
                                        kernels.upload(scope, predictors),
                                        kernels.upload(scope, labels),
                                        sampling.detail().likeliest()));
        at = 0;
        for (Writer writer : writers) {
            int following = writer.prompt().length - 1;
            List<ScoredToken> prompt = new ArrayList<>();
            prompt.add(new ScoredToken(writer.prompt()[0], Double.NaN, List.of()));
            prompt.addAll(scored.subList(at, at + following));
            writer.promptRead(prompt);
            at += following;
        }
    }

    private List<ScoredToken> scored(Decoder.Scored tensors) {
        long[] ids = kernels.longs(tensors.ids());
        double[] logps = kernels.doubles(tensors.logps());
        boolean named = sampling.detail().likeliest() > 0;
        long[] likeliest = named ? kernels.longs(tensors.likeliestIds()) : new long[0];
        double[] theirs = named ? kernels.doubles(tensors.likeliestLogps()) : new double[0];
        int each = likeliest.length / ids.length;
        List<ScoredToken> scored = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            List<ScoredToken.Likely> beside = new ArrayList<>();
            for (int k = i * each; k < (i + 1) * each; k++) {
                beside.add(new ScoredToken.Likely(Math.toIntExact(likeliest[k]), theirs[k]));
            }
            scored.add(new ScoredToken(Math.toIntExact(ids[i]), logps[i], beside));
        }
        return scored;
    }

    /// Makes room for half as much again.
    private void grow() {
        long most = (long) width + sampling.maxNewTokens();
        room = Math.toIntExact(Math.min((long) room + Math.max(GROWTH, room / 2), most));
        NDManager larger = model.torch().newScope();
        caches =
                caches.stream()
                        .map(
                                layer ->
                                        layer.stream()
                                                .map(cache -> kernels.widen(larger, cache, room))
                                                .toList())
                        .toList();
        keys = keys(larger);
        memory.close();
        memory = larger;
    }

    /// Where the columns of the cache stand: the padding, then the prompt and what is written.
    private Kernels.Places keys(NDManager owner) {
        long[] positions = new long[rows * room];
        long[] segments = new long[rows * room];
        for (int r = 0; r < rows; r++) {
            int padding = width - writers.get(r).prompt().length;
            Arrays.fill(segments, r * room, r * room + padding, PADDING);
            for (int i = padding; i < room; i++) {
                positions[r * room + i] = (long) i - padding;
            }
        }
        return new Kernels.Places(
                kernels.upload(owner, positions, rows, room),
                kernels.upload(owner, segments, rows, room));
    }

    @Override
    public void close() {
        memory.close();
        lasting.close();
    }
}
