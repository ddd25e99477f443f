package dev.slimelab.engine.parameter;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/// Reads the [Parameter] of a record component and holds values to it.
public final class Settings {
    private Settings() {}

    /// Refuses a value outside the bounds that the component's [Parameter] states, naming the
    /// component.
    ///
    /// Called from compact constructors, so that the bounds are written once, on the component.
    ///
    /// @throws Problem bad request: with the component, the value and the bounds
    public static void require(Class<? extends Record> owner, String component, double value) {
        Parameter bounds = parameter(component(owner, component));
        if (bounds == null) {
            throw new IllegalArgumentException(owner + "." + component + " has no @Parameter.");
        }
        boolean legal =
                Double.isFinite(value)
                        && value > bounds.above()
                        && value >= bounds.min()
                        && value < bounds.below()
                        && value <= bounds.max();
        if (!legal) {
            throw Problem.badRequest(
                    component + " is " + number(value) + ", but must be " + range(bounds) + ".",
                    "Change " + component + ".");
        }
    }

    public static @Nullable Parameter parameter(RecordComponent component) {
        return component.getAnnotation(Parameter.class);
    }

    /// The default as written in a spec; empty where there is none.
    public static String initial(RecordComponent component) {
        Parameter parameter = parameter(component);
        return parameter == null ? "" : parameter.initial();
    }

    /// The legal values in words: `greater than 0 and at most 1`.
    public static String range(Parameter bounds) {
        String lower =
                Double.isFinite(bounds.above())
                        ? "greater than " + number(bounds.above())
                        : Double.isFinite(bounds.min()) ? "at least " + number(bounds.min()) : "";
        String upper =
                Double.isFinite(bounds.below())
                        ? "less than " + number(bounds.below())
                        : Double.isFinite(bounds.max()) ? "at most " + number(bounds.max()) : "";
        if (lower.isEmpty() && upper.isEmpty()) {
            return "a finite number";
        }
        return lower.isEmpty() || upper.isEmpty() ? lower + upper : lower + " and " + upper;
    }

    /// The word that JSON and commands use for a type or constant: `DualMargin` and `DUAL_MARGIN`
    /// are `dual-margin`, `FDivergence` is `f-divergence`.
    public static String word(String javaName) {
        return javaName.contains("_") || javaName.equals(javaName.toUpperCase(Locale.ROOT))
                ? javaName.toLowerCase(Locale.ROOT).replace('_', '-')
                : javaName.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                        .toLowerCase(Locale.ROOT);
    }

    /// A number as a person writes it: `2`, not `2.0`.
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /// The known word with the fewest edits to `word` (Levenshtein).
    public static String nearest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                .orElse("");
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted =
                        diagonal
                                + (Character.toLowerCase(a.charAt(i - 1))
                                                == Character.toLowerCase(b.charAt(j - 1))
                                        ? 0
                                        : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static RecordComponent component(Class<? extends Record> owner, String name) {
        return Arrays.stream(owner.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(owner + " has no component " + name));
    }
}
