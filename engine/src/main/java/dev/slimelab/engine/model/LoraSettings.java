package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What a low-rank adapter looks like (arXiv 2106.09685).
///
/// @param r rank, 1 or more
/// @param alpha numerator of the scale
/// @param rankStabilised divide by the square root of the rank instead of the rank (arXiv
///   2312.03732)
/// @param dropout probability with which an element of a projection's input does not reach the
///   low-rank product, in training only
/// @param modulesToSave modules of which the adapter has a trained copy as a whole; `lm_head` is
///   the only one supported
public record LoraSettings(
        int r,
        double alpha,
        boolean rankStabilised,
        double dropout,
        Targets targets,
        List<String> modulesToSave) {
    static final String HEAD = "lm_head";

    public LoraSettings {
        if (r < 1) {
            throw Problem.badRequest("The adapter's r is %d.".formatted(r), "Give 1 or more.");
        }
        if (!(alpha > 0)) {
            throw Problem.badRequest(
                    "The adapter's alpha is %s.".formatted(alpha), "Give a number above 0.");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw Problem.badRequest(
                    "The adapter's dropout is %s.".formatted(dropout),
                    "Give 0 or more, and less than 1.");
        }
        modulesToSave = List.copyOf(modulesToSave);
        for (String module : modulesToSave) {
            if (!module.equals(HEAD)) {
                throw Problem.badRequest(
                        "The adapter's modules to save name \"%s\".".formatted(module),
                        "Only %s can be trained as a whole beside an adapter.".formatted(HEAD));
            }
        }
    }

    /// An adapter without dropout and without a head of its own.
    public static LoraSettings of(int r, double alpha, Targets targets) {
        return new LoraSettings(r, alpha, false, 0, targets, List.of());
    }

    /// An adapter on all seven projections.
    public static LoraSettings everywhere(int r, double alpha) {
        return of(r, alpha, Targets.everywhere());
    }

    public LoraSettings withDropout(double other) {
        return new LoraSettings(r, alpha, rankStabilised, other, targets, modulesToSave);
    }

    /// Whether the adapter has a head of its own.
    boolean hasHead() {
        return modulesToSave.contains(HEAD);
    }

    /// The first setting that another adapter has otherwise, with its value; null where none. How
    /// an adapter is trained, its dropout, is not compared.
    public @Nullable String difference(LoraSettings other) {
        if (r != other.r) {
            return "r " + other.r;
        }
        if (alpha != other.alpha) {
            return "alpha " + other.alpha;
        }
        if (rankStabilised != other.rankStabilised) {
            return "scaling " + (other.rankStabilised ? "rank-stabilised" : "alpha-over-r");
        }
        if (!Set.copyOf(targets.names()).equals(Set.copyOf(other.targets.names()))
                || !Objects.equals(targets.pattern(), other.targets.pattern())) {
            return "targets " + other.targets.words();
        }
        return modulesToSave.equals(other.modulesToSave)
                ? null
                : "modulesToSave " + other.modulesToSave;
    }

    /// What the product of the two matrices is multiplied by.
    public double scale() {
        return rankStabilised ? alpha / Math.sqrt(r) : alpha / r;
    }
}
