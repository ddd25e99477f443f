/// The numerical kernels: TorchScript text in the resources beside this package, and the Java that
/// starts libtorch, packs the text into an archive and calls it.
///
/// The only package that touches `ai.djl.pytorch`. It knows tensors and nothing else: no model
/// files, no configuration, no objective.
///
/// Ownership of native memory: every result belongs to the `NDManager` that the caller passes as
/// `scope`. One scope per step, closed by try-with-resources, frees everything the step made;
/// whatever lives longer (weights, optimiser state) is made in its owner's manager.
@NullMarked
package dev.slimelab.engine.kernel;

import org.jspecify.annotations.NullMarked;
