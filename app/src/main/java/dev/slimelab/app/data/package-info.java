/// The page of data: what a run would make of a file of preferences, asked of the engine as
/// `slimelab data` and shown. Knows no run.
@NullMarked
package dev.slimelab.app.data;

import org.jspecify.annotations.NullMarked;
