/// Ablations: grids put together, their queue watched and changed, their results as a table.
///
/// Knows sweeps, queues and tables of the engine, all of them files; trains nothing and starts
/// nothing but the owner of a queue.
@NullMarked
package dev.slimelab.app.ablation;

import org.jspecify.annotations.NullMarked;
