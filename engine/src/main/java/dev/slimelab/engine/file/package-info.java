/// Files as wholes: written so that no reader sees a part, and known by their digest.
///
/// Knows problems and nothing else of the engine, least of all what the files mean.
@NullMarked
package dev.slimelab.engine.file;

import org.jspecify.annotations.NullMarked;
