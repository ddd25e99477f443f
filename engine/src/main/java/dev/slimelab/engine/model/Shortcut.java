package dev.slimelab.engine.model;

import java.util.Locale;

/// What [LanguageModel#forward] and its backward do faster than by the book, with the same result.
public enum Shortcut {
    /// A prompt is computed once for all of its completions, instead of once for each.
    SHARED_PROMPTS,

    /// Attention looks, block by block, at just the keys that are seen, instead of at all of the
    /// batch behind a mask.
    ATTENTION_BLOCKS,

    /// Every layer keeps what its gradients need, instead of computing it again.
    KEPT_ACTIVATIONS,

    /// Logits exist of some positions at a time, instead of all.
    HEAD_CHUNKS;

    /// As on the command line: `shared-prompts`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
