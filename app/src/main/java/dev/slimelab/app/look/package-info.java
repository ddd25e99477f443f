/// How everything looks: theme, fonts, colours, number formats and icons. Knows no run and no
/// screen.
@NullMarked
package dev.slimelab.app.look;

import org.jspecify.annotations.NullMarked;
