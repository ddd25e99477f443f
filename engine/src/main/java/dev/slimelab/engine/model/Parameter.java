package dev.slimelab.engine.model;

import ai.djl.ndarray.NDArray;

/// A tensor that is trained, and where its gradient gathers.
///
/// @param name as the model's or the adapter's file names it
/// @param value float32 (float64 where the model computes in float64), changed in place by the
///   optimiser; owned by the model or adapter
/// @param gradient of the same shape and type; every backward pass adds to it
public record Parameter(String name, NDArray value, NDArray gradient) {}
