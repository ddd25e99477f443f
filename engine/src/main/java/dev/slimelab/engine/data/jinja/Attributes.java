package dev.slimelab.engine.data.jinja;

import org.jspecify.annotations.Nullable;

/// A value with named parts.
interface Attributes {
    /// The part of that name, or null if there is none.
    @Nullable Object attribute(String name);
}
