@NullMarked
package dev.slimelab.engine.sweep;

import org.jspecify.annotations.NullMarked;
