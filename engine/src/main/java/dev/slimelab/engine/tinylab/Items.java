package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.random.SplitMix64;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Lists of numbers, letters and rows: how a [Task] writes them, reads them back and gets them
/// wrong.
final class Items {
    private static final Pattern INTEGER = Pattern.compile("\\d{1,9}");

    private Items() {}

    static String joined(String separator, List<?> items) {
        return items.stream().map(String::valueOf).collect(Collectors.joining(separator));
    }

    /// The whole numbers in a text, in order; whatever stands between them only separates.
    static List<Integer> integers(String text) {
        return INTEGER.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(Integer::valueOf)
                .toList();
    }

    static boolean lastIs(List<Integer> numbers, int expected) {
        return !numbers.isEmpty() && numbers.getLast() == expected;
    }

    /// The items with two neighbours exchanged or one left out. Items must differ, or the exchange
    /// would not show.
    static <T> List<T> disturbed(List<T> items, SplitMix64 random) {
        List<T> changed = new ArrayList<>(items);
        if (random.chance(50)) {
            int i = random.below(items.size() - 1);
            Collections.swap(changed, i, i + 1);
        } else {
            changed.remove(random.below(items.size()));
        }
        return List.copyOf(changed);
    }
}
