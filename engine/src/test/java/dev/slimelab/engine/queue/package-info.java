@NullMarked
package dev.slimelab.engine.queue;

import org.jspecify.annotations.NullMarked;
