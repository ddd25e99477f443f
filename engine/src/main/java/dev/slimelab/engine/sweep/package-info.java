/// Many runs from one file: which settings take which values, over which seeds, in which stages.
///
/// Knows specs and queues, and, to choose between the runs of a stage, what runs came to. Trains
/// nothing.
@NullMarked
package dev.slimelab.engine.sweep;

import org.jspecify.annotations.NullMarked;
