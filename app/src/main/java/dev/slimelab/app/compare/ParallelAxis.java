package dev.slimelab.app.compare;

import dev.slimelab.app.library.Value;

import java.util.List;
import java.util.TreeSet;

/// One axis of parallel coordinates: numbers by size, words at even distances.
///
/// @param values all there are, ascending
record ParallelAxis(List<Value> values, boolean numeric) {
    static ParallelAxis of(List<Value> all) {
        List<Value> sorted = List.copyOf(new TreeSet<>(all));
        return new ParallelAxis(sorted, sorted.stream().allMatch(Value::isNumber));
    }

    /// Where a value lies: 0 at the lowest, 1 at the highest; in the middle where there is only
    /// one.
    double share(Value value) {
        if (values.size() < 2) {
            return 0.5;
        }
        if (numeric) {
            double low = values.getFirst().number();
            return (value.number() - low) / (values.getLast().number() - low);
        }
        return values.indexOf(value) / (values.size() - 1.0);
    }
}
