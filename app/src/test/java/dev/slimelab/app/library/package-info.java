@NullMarked
package dev.slimelab.app.library;

import org.jspecify.annotations.NullMarked;
