/// Language models: their configuration, weights, adapters, the training pass and the optimiser.
///
/// Data enters as [Row]s of token ids and leaves as log-probabilities per token; gradients with
/// respect to those log-probabilities come back in through [Pass#backward]. The package knows no
/// objective, no text and no run; tensors are named by `ai.djl.ndarray` and computed by `kernel`.
@NullMarked
package dev.slimelab.engine.model;

import org.jspecify.annotations.NullMarked;
