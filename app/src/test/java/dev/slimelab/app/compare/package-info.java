@NullMarked
package dev.slimelab.app.compare;

import org.jspecify.annotations.NullMarked;
