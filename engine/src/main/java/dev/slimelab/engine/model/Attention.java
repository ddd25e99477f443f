package dev.slimelab.engine.model;

import org.jspecify.annotations.Nullable;

/// How a layer attends.
///
/// @param window how many of the nearest positions a position sees, itself included; null for all
///   that stand before it
public record Attention(Rope rope, @Nullable Integer window) {
    static Attention full(Rope rope) {
        return new Attention(rope, null);
    }

    /// The window as a number that no distance reaches where there is none.
    long reach() {
        return window == null ? Long.MAX_VALUE : window;
    }
}
