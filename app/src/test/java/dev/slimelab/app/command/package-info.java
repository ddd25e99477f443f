@NullMarked
package dev.slimelab.app.command;

import org.jspecify.annotations.NullMarked;
