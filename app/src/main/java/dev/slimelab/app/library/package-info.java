/// The runs there are: read from their directories, listed, filtered and chosen for the charts.
///
/// Knows how a run stands, not what its curves look like.
@NullMarked
package dev.slimelab.app.library;

import org.jspecify.annotations.NullMarked;
