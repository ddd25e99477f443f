/// The only place that knows threads. Knows nothing else of the workbench.
@NullMarked
package dev.slimelab.app.background;

import org.jspecify.annotations.NullMarked;
