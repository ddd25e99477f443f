/// Composing a run: a draft spec as a tree of values, the form that is generated from the spec's
/// records, and the read-only view of a frozen one.
///
/// A new setting in a spec record appears here by itself; nothing in this package names one unless
/// it deserves a place of its own.
@NullMarked
package dev.slimelab.app.compose;

import org.jspecify.annotations.NullMarked;
