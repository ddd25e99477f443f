/// The run directory: the only interface between the engine and whoever watches it, readable from
/// any language.
///
/// Files that change are written aside and renamed; logs are only appended. The same code reads
/// live and finished runs. Imports no tensor library.
@NullMarked
package dev.slimelab.engine.run;

import org.jspecify.annotations.NullMarked;
