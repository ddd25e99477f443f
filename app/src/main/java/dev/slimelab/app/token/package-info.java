/// Texts as rows of shaded tokens, whatever the shades mean. Knows looks, but neither runs nor
/// models.
@NullMarked
package dev.slimelab.app.token;

import org.jspecify.annotations.NullMarked;
