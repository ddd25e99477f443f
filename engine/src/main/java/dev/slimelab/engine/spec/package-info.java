/// The request: everything that decides a run, as one immutable record that is also a JSON file.
///
/// Start at [RunSpec]. Knows objectives and parameters; imports no tensor library, so the workbench
/// shares it.
@NullMarked
package dev.slimelab.engine.spec;

import org.jspecify.annotations.NullMarked;
