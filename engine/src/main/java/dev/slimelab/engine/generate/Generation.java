package dev.slimelab.engine.generate;

import dev.slimelab.engine.model.LanguageModel;
import dev.slimelab.engine.model.ModelConfig;
import dev.slimelab.engine.model.PassOptions.Adapter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Prompts on their way, one step at a time, so that several generations can take turns and each
/// can be given up between two tokens.
///
/// Prompts of similar length go together in batches, one batch after the other. How they are split
/// changes nothing but the last bits of the arithmetic.
public final class Generation implements AutoCloseable {
    /// Keys and values that are kept at a time, in elements.
    private static final long CACHE_ELEMENTS = 1L << 26;

    private final LanguageModel model;
    private final Adapter adapter;
    private final List<int[]> prompts;
    private final Sampling sampling;
    private final Listener listener;
    private final int mostRows;
    private final int[] byLength;
    private int begun;
    private @Nullable Writing batch;

    Generation(
            LanguageModel model,
            Adapter adapter,
            List<int[]> prompts,
            Sampling sampling,
            Listener listener,
            int mostRows) {
        this.model = model;
        this.adapter = adapter;
        this.prompts = List.copyOf(prompts);
        this.sampling = sampling;
        this.listener = listener;
        this.mostRows = mostRows;
        this.byLength =
                IntStream.range(0, prompts.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /// Reads the prompts of the next batch, or writes one more token after each prompt of this one.
    ///
    /// @return whether there is more to do
    public boolean step() {
        if (batch == null) {
            if (begun == byLength.length) {
                return false;
            }
            batch = new Writing(model, adapter, nextWriters(), sampling);
            batch.readPrompts();
        } else {
            batch.writeTokens();
        }
        if (batch.done()) {
            batch.close();
            batch = null;
        }
        return batch != null || begun < byLength.length;
    }

    private List<Writer> nextWriters() {
        int end = endOfBatch();
        List<Writer> writers = new ArrayList<>();
        for (; begun < end; begun++) {
            int index = byLength[begun];
            writers.add(new Writer(prompts.get(index), index, sampling, model, listener));
        }
        return writers;
    }

    private int endOfBatch() {
        ModelConfig config = model.config();
        long perPosition = 2L * config.layers() * config.keyValueHeads() * config.headDim();
        int end = begun + 1;
        while (end < byLength.length && end - begun < mostRows) {
            long room = prompts.get(byLength[end]).length + (long) sampling.maxNewTokens();
            if ((end + 1 - begun) * room * perPosition > CACHE_ELEMENTS) {
                break;
            }
            end++;
        }
        return end;
    }

    /// Gives up what is not done yet and frees its memory.
    @Override
    public void close() {
        if (batch != null) {
            batch.close();
            batch = null;
        }
        begun = byLength.length;
    }
}
