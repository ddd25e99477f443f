/// The engine's commands.
@NullMarked
package dev.slimelab.engine;

import org.jspecify.annotations.NullMarked;
