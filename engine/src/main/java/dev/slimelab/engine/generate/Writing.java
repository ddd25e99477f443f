package dev.slimelab.engine.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.slimelab.engine.kernel.Kernels;
import dev.slimelab.engine.kernel.Kernels.Grad;
import dev.slimelab.engine.model.Decoder;
import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.PassOptions.Adapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows being continued together, one token each per turn.
///
/// Prompts are aligned on the right, so that all rows write at the same column of the cache;
/// padding on the left is masked and does not count as a position. A row that is done computes on,
/// unread, until all are done.
final class Writing implements AutoCloseable {
    private static final int TEXT = 0;
    private static final int PADDING = -1;

    private final LanguageModel model;
    private final Kernels kernels;
    private final Decoder decoder;
    private final List<Writer> writers;
    private final Sampling sampling;
    private final NDManager memory;
    private final int rows;
    private final int width;
    private final int room;
    private final List<List<NDArray>> caches = new ArrayList<>();
    private final Kernels.Places keys;

    Writing(LanguageModel model, Adapter adapter, List<Writer> writers, Sampling sampling) {
        this.model = model;
        this.kernels = model.torch().kernels();
        this.decoder = new Decoder(model, adapter);
        this.writers = writers;
        this.sampling = sampling;
        this.memory = model.torch().newScope();
        this.rows = writers.size();
        this.width = writers.stream().mapToInt(w -> w.prompt().length).max().orElseThrow();
        this.room = width + sampling.maxNewTokens();
        ModelConfig config = model.config();
        long[] shape = {rows, config.keyValueHeads(), room, config.headDim()};
        for (int i = 0; i < config.layers(); i++) {
            caches.add(
                    List.of(
                            kernels.zeros(memory, model.precision(), shape),
                            kernels.zeros(memory, model.precision(), shape)));
        }
        this.keys = keys();
    }

    /// Writes until every row is done.
    void write() {
        long[] tokens = readPrompts();
        for (int turn = 0; ; turn++) {
            boolean done = true;
            for (int r = 0; r < rows; r++) {
                writers.get(r).take(Math.toIntExact(tokens[r]));
                done &= writers.get(r).done();
            }
            if (done) {
                return;
            }
            tokens = next(tokens, turn);
        }
    }

    /// Runs the prompts, filling the cache.
    ///
    /// @return the first token of each row
    private long[] readPrompts() {
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
            var grid = new Shape(rows, width);
            var places =
                    new Kernels.Places(scope.create(positions, grid), scope.create(segments, grid));
            Decoder.Sight sight = decoder.sight(scope, places, places);
            return run(scope, scope.create(ids, grid), sight, 0);
        }
    }

    /// Reads one token per row and predicts the next.
    private long[] next(long[] tokens, int turn) {
        long[] positions = new long[rows];
        for (int r = 0; r < rows; r++) {
            positions[r] = (long) writers.get(r).prompt().length + turn;
        }
        try (NDManager scope = model.torch().newScope()) {
            var column = new Shape(rows, 1);
            var queries =
                    new Kernels.Places(
                            scope.create(positions, column), scope.create(new long[rows], column));
            Decoder.Sight sight = decoder.sight(scope, queries, keys);
            return run(scope, scope.create(tokens, column), sight, width + turn);
        }
    }

    private long[] run(NDManager scope, NDArray ids, Decoder.Sight sight, int offset) {
        NDArray x = decoder.embed(scope, ids);
        for (int i = 0; i < caches.size(); i++) {
            var cache = new Decoder.Cache(caches.get(i), offset);
            x = decoder.layer(scope, Grad.OFF, i, x, sight, cache);
        }
        double[] uniform = writers.stream().mapToDouble(Writer::uniform).toArray();
        return decoder.nextToken(scope, x, sampling.temperature(), scope.create(uniform))
                .toLongArray();
    }

    /// Where the columns of the cache stand: the padding, then the prompt and what is written.
    private Kernels.Places keys() {
        long[] positions = new long[rows * room];
        long[] segments = new long[rows * room];
        for (int r = 0; r < rows; r++) {
            int padding = width - writers.get(r).prompt().length;
            Arrays.fill(segments, r * room, r * room + padding, PADDING);
            for (int i = padding; i < room; i++) {
                positions[r * room + i] = (long) i - padding;
            }
        }
        var grid = new Shape(rows, room);
        return new Kernels.Places(memory.create(positions, grid), memory.create(segments, grid));
    }

    @Override
    public void close() {
        memory.close();
    }
}
