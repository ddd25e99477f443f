/// Random numbers that are part of what we publish: the same on every machine and in every release.
///
/// Knows nothing of the engine. Whoever draws passes a generator on, seeded from the spec.
@NullMarked
package dev.slimelab.engine.random;

import org.jspecify.annotations.NullMarked;
