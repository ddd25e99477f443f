@NullMarked
package dev.slimelab.app.window;

import org.jspecify.annotations.NullMarked;
