/// Runs that wait for their turn: what is asked for, what became of it, who works on it.
///
/// A queue is a folder, `queue/` beside the runs, and every process that has to do with it reads
/// and writes only that: those who ask, the owner that keeps workers alive, and the workers that
/// train. Knows run directories; not how a run is trained, and not why these runs were asked for.
@NullMarked
package dev.slimelab.engine.queue;

import org.jspecify.annotations.NullMarked;
