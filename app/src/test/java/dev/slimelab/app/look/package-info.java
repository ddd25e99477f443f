@NullMarked
package dev.slimelab.app.look;

import org.jspecify.annotations.NullMarked;
