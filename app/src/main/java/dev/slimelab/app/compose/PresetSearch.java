package dev.slimelab.app.compose;

import dev.slimelab.engine.objective.Preset;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds presets by words of their label, id or citation.
final class PresetSearch {
    private PresetSearch() {}

    /// The presets that contain every word, those whose name begins with the query first, then
    /// those that have it in their name; all of them for an empty query.
    static List<Preset> of(String query) {
        String sought = query.strip().toLowerCase(Locale.ROOT);
        List<String> words = List.of(sought.split("\\s+"));
        return Arrays.stream(Preset.values())
                .filter(preset -> words.stream().allMatch(all(preset)::contains))
                .sorted(Comparator.comparingInt(preset -> rank(preset, sought)))
                .toList();
    }

    private static int rank(Preset preset, String sought) {
        String name = name(preset);
        return name.startsWith(sought) || preset.id().startsWith(sought)
                ? 0
                : name.contains(sought) ? 1 : 2;
    }

    private static String name(Preset preset) {
        return (preset.label() + " " + preset.id()).toLowerCase(Locale.ROOT);
    }

    private static String all(Preset preset) {
        return name(preset) + " " + preset.citation().toLowerCase(Locale.ROOT);
    }
}
