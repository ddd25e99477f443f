@NullMarked
package dev.slimelab.app.data;

import org.jspecify.annotations.NullMarked;
