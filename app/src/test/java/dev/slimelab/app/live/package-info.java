@NullMarked
package dev.slimelab.app.live;

import org.jspecify.annotations.NullMarked;
