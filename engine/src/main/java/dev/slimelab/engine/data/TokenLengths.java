package dev.slimelab.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// How long one side of the rows is, in tokens, before anything is cut.
///
/// @param rows measured
/// @param p95 the length that 95 % of the rows do not exceed
/// @param histogram buckets of the same width, a power of two, from 0 to the longest; at most
///   sixteen
public record TokenLengths(
        int rows,
        int shortest,
        double mean,
        int median,
        int p95,
        int longest,
        List<Bucket> histogram) {
    private static final int MOST_BUCKETS = 16;

    public TokenLengths {
        histogram = List.copyOf(histogram);
    }

    /// Rows of lengths in `[from, to)`.
    public record Bucket(int from, int to, int rows) {}

    /// Counts lengths while rows are read; memory is that of the different lengths.
    static final class Counter {
        private final NavigableMap<Integer, Integer> rowsOfLength = new TreeMap<>();
        private int rows;
        private long tokens;

        void add(int length) {
            rowsOfLength.merge(length, 1, Integer::sum);
            rows++;
            tokens += length;
        }

        /// All zero where nothing was added.
        TokenLengths lengths() {
            return rows == 0
                    ? new TokenLengths(0, 0, 0, 0, 0, 0, List.of())
                    : new TokenLengths(
                            rows,
                            rowsOfLength.firstKey(),
                            (double) tokens / rows,
                            quantile(0.5),
                            quantile(0.95),
                            rowsOfLength.lastKey(),
                            histogram());
        }

        private int quantile(double share) {
            long below = 0;
            for (Map.Entry<Integer, Integer> each : rowsOfLength.entrySet()) {
                below += each.getValue();
                if (below >= share * rows) {
                    return each.getKey();
                }
            }
            return rowsOfLength.lastKey();
        }

        private List<Bucket> histogram() {
            int longest = rowsOfLength.lastKey();
            int width = 1;
            while (longest / width >= MOST_BUCKETS) {
                width *= 2;
            }
            List<Bucket> buckets = new ArrayList<>();
            for (int from = 0; from <= longest; from += width) {
                int count =
                        rowsOfLength.subMap(from, from + width).values().stream()
                                .mapToInt(Integer::intValue)
                                .sum();
                buckets.add(new Bucket(from, from + width, count));
            }
            return buckets;
        }
    }
}
