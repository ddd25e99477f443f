package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which projections get low-rank matrices, as PEFT's `target_modules` says it.
///
/// @param names a projection is meant whose path in the model is a name or ends in a dot and a
///   name, such as `q_proj` or `layers.0.self_attn.q_proj`; empty where there is a pattern
/// @param pattern a regular expression over whole paths, such as `.*\.[0-7]\.mlp\..*_proj`; null
///   where there are names
public record Targets(List<String> names, @Nullable String pattern) {
    public Targets {
        names = List.copyOf(names);
        if (names.isEmpty() == (pattern == null)) {
            throw Problem.badRequest(
                    pattern == null
                            ? "The adapter has no targets."
                            : "The adapter has both names and a pattern as targets.",
                    "Name at least one of %s, or give a regular expression and an empty list."
                            .formatted(Projection.known()));
        }
        if (pattern != null) {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                throw Problem.badRequest(
                        "The adapter's pattern of targets is no regular expression: %s."
                                .formatted(e.getDescription()),
                        "Write it as for Java's Pattern; Python's named groups differ.",
                        e);
            }
        }
    }

    public static Targets named(String... names) {
        return new Targets(List.of(names), null);
    }

    public static Targets matching(String pattern) {
        return new Targets(List.of(), pattern);
    }

    /// All seven projections.
    public static Targets everywhere() {
        return named(
                Arrays.stream(Projection.values()).map(Projection::label).toArray(String[]::new));
    }

    /// For messages.
    String words() {
        return pattern == null ? names.toString() : pattern;
    }

    /// Whether a module gets matrices.
    ///
    /// @param path such as `model.layers.0.self_attn.q_proj`
    boolean include(String path) {
        return pattern == null
                ? names.stream().anyMatch(name -> names(path, name))
                : Pattern.matches(pattern, path);
    }

    /// Whether a name means a module.
    static boolean names(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }
}
