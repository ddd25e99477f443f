package dev.slimelab.app.library;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a line of text asks of runs: every word must occur in name, grid, objective, state, tags or
/// note; `learningRate>1e-4`, `state=done` or `score/greedy>=8` compare a column's value.
record RunFilter(List<Predicate<RunEntry>> conditions) {
    private static final Pattern COMPARISON = Pattern.compile("(.+?)(>=|<=|=|>|<)(.+)");

    static RunFilter of(String text) {
        return new RunFilter(
                Arrays.stream(text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1))
                        .filter(word -> !word.isEmpty())
                        .map(RunFilter::condition)
                        .toList());
    }

    boolean accepts(RunEntry run) {
        return conditions.stream().allMatch(condition -> condition.test(run));
    }

    private static Predicate<RunEntry> condition(String word) {
        Matcher comparison = COMPARISON.matcher(word);
        if (comparison.matches()) {
            String key = comparison.group(1);
            String relation = comparison.group(2);
            String value = comparison.group(3);
            return run -> holds(find(run, key), relation, value);
        }
        return run -> words(run).contains(word);
    }

    private static String words(RunEntry run) {
        return String.join(
                        " ",
                        run.name(),
                        run.grid(),
                        run.facts().objective(),
                        run.phase().word(),
                        String.join(" ", run.notes().tags()),
                        run.notes().note())
                .toLowerCase(Locale.ROOT);
    }

    /// The value of the column whose key is, or ends in, these letters.
    private static Value find(RunEntry run, String key) {
        for (String own : Column.RUN_KEYS) {
            if (own.equals(key)) {
                return new Column(Column.Kind.RUN, own).of(run);
            }
        }
        for (var values :
                List.of(run.facts().settings(), run.facts().metrics(), run.facts().environment())) {
            for (var entry : values.entrySet()) {
                String name = entry.getKey().toLowerCase(Locale.ROOT);
                if (name.equals(key) || name.endsWith("." + key) || name.endsWith("/" + key)) {
                    return entry.getValue();
                }
            }
        }
        return Value.NONE;
    }

    private static boolean holds(Value seen, String relation, String wanted) {
        double number = number(wanted);
        if (seen.isNumber() && !Double.isNaN(number)) {
            return switch (relation) {
                case ">=" -> seen.number() >= number;
                case "<=" -> seen.number() <= number;
                case ">" -> seen.number() > number;
                case "<" -> seen.number() < number;
                default -> seen.number() == number;
            };
        }
        return relation.equals("=") && seen.text().toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.replace('−', '-'));
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }
}
