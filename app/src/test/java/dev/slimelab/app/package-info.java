@NullMarked
package dev.slimelab.app;

import org.jspecify.annotations.NullMarked;
