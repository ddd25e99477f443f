/// Compares this engine with numbers of other libraries, kept in a folder of fixtures.
@NullMarked
package dev.slimelab.engine.verify;

import org.jspecify.annotations.NullMarked;
