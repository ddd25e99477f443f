/// The playground: models side by side on one prompt, through a server of their own.
///
/// [PlaygroundViewModel] is where to start. [PlayServer] is the process that has the models,
/// [ModelClient] speaks its HTTP. Knows runs by their folders, and models by nothing but what the
/// server says.
@NullMarked
package dev.slimelab.app.playground;

import org.jspecify.annotations.NullMarked;
