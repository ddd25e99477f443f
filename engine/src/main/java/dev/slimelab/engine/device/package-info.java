/// Where the arithmetic can run: the GPUs of this machine, the libtorch that drives them and how it
/// is found, and whose turn it is. Plain Java: knows files and the driver's tool, and no tensors,
/// so that the workbench and the queue may know it too.
@NullMarked
package dev.slimelab.engine.device;

import org.jspecify.annotations.NullMarked;
