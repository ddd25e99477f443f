@NullMarked
package dev.slimelab.app.playground;

import org.jspecify.annotations.NullMarked;
