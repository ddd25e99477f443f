/// The window: its columns, commands and keys. The only package that knows all screens.
@NullMarked
package dev.slimelab.app.window;

import org.jspecify.annotations.NullMarked;
