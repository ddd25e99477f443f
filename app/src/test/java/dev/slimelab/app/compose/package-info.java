@NullMarked
package dev.slimelab.app.compose;

import org.jspecify.annotations.NullMarked;
