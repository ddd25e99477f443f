/// The desktop workbench: the window, its wiring and its command line.
///
/// Everything below is wired here, in one place, and nowhere else.
@NullMarked
package dev.slimelab.app;

import org.jspecify.annotations.NullMarked;
