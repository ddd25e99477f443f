/// Figures of runs as files, without a window.
@NullMarked
package dev.slimelab.app.plot;

import org.jspecify.annotations.NullMarked;
