/// What the engine's inner functions cost. Knows the engine; nothing knows it.
@NullMarked
package dev.slimelab.bench;

import org.jspecify.annotations.NullMarked;
