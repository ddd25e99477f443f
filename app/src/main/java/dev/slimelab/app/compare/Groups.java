package dev.slimelab.app.compare;

import dev.slimelab.app.library.RunFacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How runs are put together before they are drawn.
final class Groups {
    /// Not at all.
    static final String EACH = "each run";

    /// Runs of the same objective, whatever else differs.
    static final String OBJECTIVE = "objective";

    /// Runs that differ in nothing but their seeds.
    static final String ALL_BUT_SEEDS = "all but the seeds";

    private static final String SEEDS = "seeds.";

    private Groups() {}

    /// What these runs can be grouped by.
    static List<String> keys(List<ComparedRun> runs) {
        List<String> keys = new ArrayList<>(List.of(EACH, OBJECTIVE, ALL_BUT_SEEDS));
        keys.addAll(RunFacts.differing(facts(runs)).keySet());
        return keys;
    }

    /// The runs of each group, by what they have in common.
    static Map<String, List<ComparedRun>> of(List<ComparedRun> runs, String key) {
        List<String> differing = List.copyOf(RunFacts.differing(facts(runs)).keySet());
        Map<String, List<ComparedRun>> groups = new TreeMap<>();
        for (ComparedRun run : runs) {
            String name = key.equals(ALL_BUT_SEEDS) ? common(run, differing) : named(run, key);
            groups.computeIfAbsent(name, _ -> new ArrayList<>()).add(run);
        }
        return new LinkedHashMap<>(groups);
    }

    private static String named(ComparedRun run, String key) {
        String value = run.fact(key).text();
        String word = value.isEmpty() ? "none" : value;
        return key.equals(OBJECTIVE) ? word : shortened(key) + " " + word;
    }

    /// The objective's name, and what else differs apart from seeds.
    private static String common(ComparedRun run, List<String> differing) {
        StringBuilder name = new StringBuilder(run.facts().objective());
        for (String key : differing) {
            if (!key.startsWith(SEEDS) && !key.startsWith("objective.")) {
                name.append(", ")
                        .append(shortened(key))
                        .append(' ')
                        .append(run.setting(key).text());
            }
        }
        return name.toString();
    }

    /// The last word of a path.
    static String shortened(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static List<RunFacts> facts(List<ComparedRun> runs) {
        return runs.stream().map(ComparedRun::facts).toList();
    }
}
