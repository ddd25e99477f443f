/// Following runs while they happen, and the same code for those that are over: directories are
/// read into series, series into headline numbers, a verdict and charts. Starts engines and asks
/// them to pause or stop.
///
/// Knows nothing of tensors and never talks to an engine except through its run directory.
@NullMarked
package dev.slimelab.app.live;

import org.jspecify.annotations.NullMarked;
