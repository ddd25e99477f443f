@NullMarked
package dev.slimelab.engine.compare;

import org.jspecify.annotations.NullMarked;
