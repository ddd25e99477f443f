/// What a window can be told to do: a [Command] with its words, its keys and why it cannot be done
/// now, and the palette and the help that are made of a list of them.
///
/// Knows nothing of runs or of any page.
@NullMarked
package dev.slimelab.app.command;

import org.jspecify.annotations.NullMarked;
