/// Tests of the tiny lab's corpus, scorer and tokenizer.
@NullMarked
package dev.slimelab.engine.tinylab;

import org.jspecify.annotations.NullMarked;
