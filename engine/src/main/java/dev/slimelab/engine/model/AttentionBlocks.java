package dev.slimelab.engine.model;

import java.util.ArrayList;
import java.util.List;

/// Which positions of a batch look at which, in blocks of neighbouring queries whose scores the
/// kernel computes together.
///
/// A long row is cut into blocks of [#QUERIES] queries, each looking at just the keys that one of
/// them sees: what stands before them in the prompt and in their own completion, as far back as the
/// window reaches. Short rows share a block, where the mask keeps them apart; the arithmetic on
/// pairs that do not see each other is less than that of many small products.
///
/// @param ranges six numbers a block: first query, the one after the last, and two ranges of keys,
///   the second maybe empty
/// @param masked for each block how many of its last keys some of its queries do not see
record AttentionBlocks(long[] ranges, long[] masked) {
    /// Few enough that half a block of unseen scores matters little, enough for efficient products.
    static final int QUERIES = 128;

    /// @param window how many positions back a query sees, itself included
    static AttentionBlocks of(Batch batch, long window) {
        var blocks = new Builder(window);
        for (int r = 0; r < batch.rows.size(); r++) {
            blocks.add(batch.rows.get(r), batch.starts.get(r), batch.ends.get(r));
        }
        return blocks.build();
    }

    /// All queries and all keys, with nothing but the mask between them.
    static AttentionBlocks whole(Batch batch) {
        long length = batch.ids.length;
        return new AttentionBlocks(new long[] {0, length, 0, length, 0, 0}, new long[] {length});
    }

    private static final class Builder {
        private final long window;
        private final List<Long> ranges = new ArrayList<>();
        private final List<Long> masked = new ArrayList<>();

        /// The short rows that share the next block.
        private long sharedFrom;

        private long sharedTo;

        Builder(long window) {
            this.window = window;
        }

        void add(Row row, long start, long end) {
            if (end - sharedFrom > QUERIES) {
                flush();
                sharedFrom = start;
            }
            if (end - start <= QUERIES) {
                sharedTo = end;
            } else {
                cut(row, start);
                sharedFrom = end;
                sharedTo = end;
            }
        }

        private void flush() {
            if (sharedTo > sharedFrom) {
                block(sharedFrom, sharedTo, sharedFrom, 0, 0, sharedTo - sharedFrom);
            }
        }

        /// The prompt and its first completion are like one text; further completions continue the
        /// prompt from elsewhere.
        private void cut(Row row, long start) {
            long prompt = row.prompt().length;
            long completion = start + prompt + row.completions().getFirst().length;
            cut(start, completion, start, 0);
            for (int[] further : row.completions().subList(1, row.completions().size())) {
                cut(completion, completion + further.length, start, prompt);
                completion += further.length;
            }
        }

        /// @param before how many positions from `prompt` on stand before the first query
        private void cut(long from, long to, long prompt, long before) {
            for (long first = from; first < to; first += QUERIES) {
                long end = Math.min(first + QUERIES, to);
                // Counted from the start of the text that the queries see.
                long position = before + first - from;
                long oldest = Math.max(0, position - window + 1);
                boolean windowed = before + end - from > window;
                long beforeSeen = Math.max(0, before - oldest);
                long ownFrom = from + Math.max(0, oldest - before);
                block(
                        first,
                        end,
                        ownFrom,
                        prompt + before - beforeSeen,
                        beforeSeen,
                        windowed ? beforeSeen + end - ownFrom : end - first);
            }
        }

        /// @param prompt where the keys before the block's own completion start
        /// @param promptKeys how many they are
        private void block(
                long first, long end, long own, long prompt, long promptKeys, long maskedKeys) {
            if (promptKeys > 0) {
                ranges.addAll(List.of(first, end, prompt, prompt + promptKeys, own, end));
            } else {
                ranges.addAll(List.of(first, end, own, end, 0L, 0L));
            }
            masked.add(maskedKeys);
        }

        AttentionBlocks build() {
            flush();
            return new AttentionBlocks(array(ranges), array(masked));
        }

        private static long[] array(List<Long> numbers) {
            return numbers.stream().mapToLong(Long::longValue).toArray();
        }
    }
}
