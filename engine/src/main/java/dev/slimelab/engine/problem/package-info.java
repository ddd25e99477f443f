/// How everything says that something went wrong. Knows nothing else of the engine.
@NullMarked
package dev.slimelab.engine.problem;

import org.jspecify.annotations.NullMarked;
