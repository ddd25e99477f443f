/// Runs beside each other: one number a seed, intervals, corrected tests, and tables as text,
/// Markdown, LaTeX and CSV.
///
/// The arithmetic of distributions is commons-statistics'. Knows specs and run directories; not
/// where runs came from, and nothing that trains.
@NullMarked
package dev.slimelab.engine.compare;

import org.jspecify.annotations.NullMarked;
