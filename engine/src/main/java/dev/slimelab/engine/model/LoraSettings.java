package dev.slimelab.engine.model;

import dev.slimelab.engine.problem.Problem;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What a low-rank adapter looks like (arXiv 2106.09685).
///
/// @param r rank, 1 or more
/// @param alpha numerator of the scale
/// @param rankStabilised divide by the square root of the rank instead of the rank (arXiv
///   2312.03732)
/// @param targets projections that get an adapter, in every layer; at least one
public record LoraSettings(int r, double alpha, boolean rankStabilised, Set<Projection> targets) {
    public LoraSettings {
        if (r < 1) {
            throw Problem.badRequest("The adapter's r is %d.".formatted(r), "Give 1 or more.");
        }
        if (!(alpha > 0)) {
            throw Problem.badRequest(
                    "The adapter's alpha is %s.".formatted(alpha), "Give a number above 0.");
        }
        if (targets.isEmpty()) {
            throw Problem.badRequest(
                    "The adapter has no targets.",
                    "Name at least one of " + Projection.known() + ".");
        }
        targets = Collections.unmodifiableSet(EnumSet.copyOf(targets));
    }

    /// An adapter on all seven projections.
    public static LoraSettings everywhere(int r, double alpha) {
        return new LoraSettings(r, alpha, false, EnumSet.allOf(Projection.class));
    }

    /// What the product of the two matrices is multiplied by.
    public double scale() {
        return rankStabilised ? alpha / Math.sqrt(r) : alpha / r;
    }
}
