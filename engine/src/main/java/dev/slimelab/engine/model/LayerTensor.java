package dev.slimelab.engine.model;

/// The tensors of a decoder layer, in the order in which the layer kernel takes them. Not every
/// family has all of them.
enum LayerTensor {
    INPUT_NORM,
    QUERY,
    KEY,
    VALUE,
    OUTPUT,
    QUERY_BIAS,
    KEY_BIAS,
    VALUE_BIAS,
    QUERY_NORM,
    KEY_NORM,
    ATTENTION_OUTPUT_NORM,
    MLP_NORM,
    GATE,
    UP,
    DOWN,
    MLP_OUTPUT_NORM
}
