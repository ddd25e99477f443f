/// Training: the one place where data, model and objective meet.
///
/// [TrainingRun] turns a spec into a run directory; [Trainer] is the loop.
@NullMarked
package dev.slimelab.engine.train;

import org.jspecify.annotations.NullMarked;
