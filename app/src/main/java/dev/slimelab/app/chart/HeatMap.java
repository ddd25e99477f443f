package dev.slimelab.app.chart;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// How a quantity is distributed, step by step: a histogram for each step at which it was measured,
/// drawn around that step, half way to its neighbours.
///
/// @param columns by step, ascending; all with as many bins
/// @param low the lower end of the first bin, which also counts what is below
/// @param width of a bin
/// @param line a value to draw a line at, null for none
public record HeatMap(List<Column> columns, double low, double width, @Nullable Line line) {
    /// Of nothing.
    static final HeatMap NONE = new HeatMap(List.of(), 0, 1, null);

    /// How many values fell into each bin, the lowest first.
    public record Column(double step, List<Integer> counts) {
        public Column {
            counts = List.copyOf(counts);
        }

        int total() {
            return counts.stream().mapToInt(Integer::intValue).sum();
        }
    }

    /// A value that matters, with its name: `−δ`.
    public record Line(double value, String name) {}

    public HeatMap {
        columns = List.copyOf(columns);
    }

    /// What of all values at a step lies in a bin, 0 to 1.
    double share(int column, int bin) {
        Column at = columns.get(column);
        int total = at.total();
        return total == 0 ? 0 : (double) at.counts().get(bin) / total;
    }

    /// A bin that was hit, and the rectangle that is drawn for it.
    ///
    /// @param share of all values at the step, 0 to 1
    record Tile(double step, Span across, Span values, int count, double share) {}

    /// What is drawn between the ends of two axes, column by column and each from below. The last
    /// column reaches to the end.
    List<Tile> tiles(Span x, Span y) {
        List<Tile> tiles = new ArrayList<>();
        double left = Math.max(0, x.low());
        for (int column = 0; column < columns.size(); column++) {
            boolean last = column + 1 == columns.size();
            double right = last ? x.high() : Math.min(end(column), x.high());
            for (int bin = 0; right > left && bin < bins(); bin++) {
                int count = columns.get(column).counts().get(bin);
                Span values = new Span(low + bin * width, low + (bin + 1) * width);
                if (count > 0 && values.high() > y.low() && values.low() < y.high()) {
                    tiles.add(
                            new Tile(
                                    columns.get(column).step(),
                                    new Span(left, right),
                                    values,
                                    count,
                                    share(column, bin)));
                }
            }
            left = Math.max(left, right);
        }
        return tiles;
    }

    /// What of all values at a step lies below the line, whole bins only.
    double shareBelow(int column, double value) {
        double share = 0;
        for (int bin = 0; bin < bins() && low + (bin + 1) * width <= value + 1e-9; bin++) {
            share += share(column, bin);
        }
        return share;
    }

    /// The middle of the bin that holds the median.
    double median(int column) {
        double below = 0;
        for (int bin = 0; bin < bins(); bin++) {
            below += share(column, bin);
            if (below >= 0.5) {
                return low + (bin + 0.5) * width;
            }
        }
        return Double.NaN;
    }

    /// The bin of a value; -1 where it is outside.
    int bin(double value) {
        int bin = (int) Math.floor((value - low) / width);
        return bin >= 0 && bin < bins() ? bin : -1;
    }

    int bins() {
        return columns.isEmpty() ? 0 : columns.getFirst().counts().size();
    }

    /// The column nearest to a step; -1 where there is none.
    int columnAt(double step) {
        int found = columns.isEmpty() ? -1 : 0;
        while (found >= 0 && found + 1 < columns.size() && step >= end(found)) {
            found++;
        }
        return found;
    }

    /// Where a column ends and the next one begins.
    double end(int column) {
        return column + 1 == columns.size()
                ? columns.getLast().step()
                : (columns.get(column).step() + columns.get(column + 1).step()) / 2;
    }

    Span steps() {
        double last = columns.isEmpty() ? 0 : columns.getLast().step();
        return new Span(0, Math.max(last, 1));
    }

    /// From the lowest bin that was ever hit, or the line, to the top.
    Span values() {
        int lowest = bins();
        for (int column = 0; column < columns.size(); column++) {
            for (int bin = 0; bin < lowest; bin++) {
                if (columns.get(column).counts().get(bin) > 0) {
                    lowest = bin;
                }
            }
        }
        double bottom = low + Math.max(0, lowest - 1) * width;
        if (line != null) {
            bottom = Math.min(bottom, line.value() - 2 * width);
        }
        return new Span(Math.max(low, bottom), low + bins() * width);
    }
}
