@NullMarked
package dev.slimelab.engine;

import org.jspecify.annotations.NullMarked;
