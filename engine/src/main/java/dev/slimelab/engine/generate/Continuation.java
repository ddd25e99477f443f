package dev.slimelab.engine.generate;

/// What a model wrote after a prompt.
///
/// @param tokens without the stop token
/// @param stopped a stop token ended it; otherwise it ran into the limit of new tokens or of the
///   model's positions
// An array, because continuations are read and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Continuation(int[] tokens, boolean stopped) {}
