package dev.slimelab.engine.model;

/// What computes attention in training and scoring; docs/decisions/0035 has why there are two.
public enum AttentionKernel {
    /// Library products and a softmax over blocks of queries. For every precision, window and
    /// device.
    BLOCKS,

    /// The library's fused attention, which keeps no scores: on a GPU flash attention, in bf16
    /// only. Layers with a window take blocks.
    FUSED
}
