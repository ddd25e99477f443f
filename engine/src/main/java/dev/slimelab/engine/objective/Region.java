package dev.slimelab.engine.objective;

import java.util.ArrayList;
import java.util.List;

/// A part of a term's axis in which the term does one thing, such as all margins beyond the hard
/// one.
///
/// @param label as it ends the sentence "12 % of the pairs are …"
/// @param from included; −∞ for the first region of an axis
/// @param to excluded; ∞ for the last
public record Region(String label, double from, double to) {
    public boolean contains(double x) {
        return x >= from && x < to;
    }

    /// Regions one beside the other.
    ///
    /// @param labels one more than there are bounds
    /// @param bounds ascending
    static List<Region> between(List<String> labels, double... bounds) {
        List<Region> regions = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            regions.add(
                    new Region(
                            labels.get(i),
                            i == 0 ? Double.NEGATIVE_INFINITY : bounds[i - 1],
                            i == bounds.length ? Double.POSITIVE_INFINITY : bounds[i]));
        }
        return regions;
    }
}
