package dev.slimelab.engine.parameter;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
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

    /// What a record has there.
    public static @Nullable Object value(RecordComponent component, Record owner) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot read " + component, e);
        }
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

    /// What a person calls a kind: its [Called], or its word as a sentence begins: `Dual margin`.
    public static String called(Class<?> kind) {
        return called(kind.getAnnotation(Called.class), kind.getSimpleName());
    }

    /// What a person calls a constant: its [Called], or its word as a sentence begins: `Token
    /// mean`.
    public static String called(Enum<?> constant) {
        try {
            return called(
                    constant.getDeclaringClass()
                            .getField(constant.name())
                            .getAnnotation(Called.class),
                    constant.name());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(constant + " is no constant of its type", e);
        }
    }

    private static String called(@Nullable Called called, String javaName) {
        if (called != null) {
            return called.value();
        }
        String words = word(javaName).replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /// A number as a person writes it: `2`, not `2.0`.
    public static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static RecordComponent component(Class<? extends Record> owner, String name) {
        return Arrays.stream(owner.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(owner + " has no component " + name));
    }
}
