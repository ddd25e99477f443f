/// Preference objectives as pure functions of per-token log-probabilities.
///
/// Start at [Objective]: a composition of slots, each a sealed page of records ([Contrast],
/// [Anchor], [Stabiliser], …). A paper is a [Preset]. Plain Java on double arrays: no tensors, no
/// model, no data, no disk, so the workbench draws the very code that trains.
@NullMarked
package dev.slimelab.engine.objective;

import org.jspecify.annotations.NullMarked;
