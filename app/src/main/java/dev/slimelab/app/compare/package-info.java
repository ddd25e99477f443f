/// Runs beside each other: overlaid, grouped, told apart by what differs.
///
/// Knows runs and charts; knows nothing of the window or of one run's own page.
@NullMarked
package dev.slimelab.app.compare;

import org.jspecify.annotations.NullMarked;
