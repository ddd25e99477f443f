/// The built-in experiment's material: a synthetic instruction corpus whose answers a program can
/// check, the scorer that checks them, and the tokenizer and shape of the model that learns them.
/// Everything follows from a few seeds; nothing is downloaded. Knows nothing of tensors, training
/// or run folders.
@NullMarked
package dev.slimelab.engine.tinylab;

import org.jspecify.annotations.NullMarked;
