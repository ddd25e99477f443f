@NullMarked
package dev.slimelab.engine.device;

import org.jspecify.annotations.NullMarked;
