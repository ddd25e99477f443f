/// A single class inside DJL's own package, because the native call it needs is package-private.
///
/// Nothing else of ours may live here, and only `dev.slimelab.engine.kernel` may use it.
@NullMarked
package ai.djl.pytorch.jni;

import org.jspecify.annotations.NullMarked;
